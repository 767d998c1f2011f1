import { fail, ok, type Result } from '../lib/result.ts';
import { shareWhileUsed } from '../lib/share.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { compileLookup } from '../variables/lookup.ts';
import { parsePath } from '../variables/property-path.ts';
import { textOf } from '../variables/rich-value.ts';
import { separateAddressValues } from './address-values.ts';
import { compileProgram } from './compile-program.ts';
import { endEvaluation, isExhausted, startEvaluation } from './evaluation.ts';
import { escapeHtmlValues } from './html-values.ts';
import { parseTemplate } from './parse-template.ts';
import { type TemplateError, templateErrorAt } from './template-error.ts';
import { encodeUrlValues } from './url-values.ts';

/** A template, compiled once when a flow is deployed and evaluated per lead (spec behaviour 5.6). */
export interface Template {
  /**
   * `literal`: no tag, the text itself. `variable`: one path alone, which keeps the typed value.
   * `composed`: anything else, a text.
   */
  readonly kind: 'literal' | 'variable' | 'composed';
  readonly source: string;
  /** The paths it reads from the top of the variables, each once: `lead.phone_1.area`. */
  readonly variables: readonly string[];
  /** The value: typed for a variable (undefined when missing), else a text. Never throws. */
  evaluate(vars: Vars, ctx: EvaluationContext): unknown;
  /** The same as text; missing values are empty. Never throws. */
  render(vars: Vars, ctx: EvaluationContext): string;
}

/** What the text of a template is, which decides how values stand in it. */
export type TemplateForm = 'text' | 'url' | 'html' | 'addresses';

/**
 * Compiles a template. A lead is data for machines, so values stand in a text as they are; `{{x}}` and `{{{x}}}` are the
 * same.
 *
 * `writes: 'url'`: values in the query of the URL are percent-encoded, see `encodeUrlValues`. `writes: 'html'`: every value
 * is escaped, `writes: 'addresses'`: no value can add an address; both also where the value is the whole template.
 *
 * One evaluation does at most `TEMPLATE_STEPS_MAX` steps (decision 40); past them its result is the empty text. A
 * helper alone that asks for it (`{{format lead.age dataType="Number"}}`) answers its number as a number, because a
 * number inside a text would make the option meaningless.
 */
export function compileTemplate(
  source: string,
  { writes }: { writes: TemplateForm } = { writes: 'text' },
): Result<Template, TemplateError> {
  if (!source.includes('{{')) return ok(literal(source));
  const path = LONE_VARIABLE.exec(source)?.[1];
  if (path !== undefined && (writes === 'text' || writes === 'url')) return compileVariable(source, path);
  return SHARED[writes](source);
}

/** A template is the same object wherever it stands: parsing one takes 20 to 200 µs, and it never changes. */
const SHARED = {
  text: shareWhileUsed((source) => compileComposed(source, 'text')),
  url: shareWhileUsed((source) => compileComposed(source, 'url')),
  html: shareWhileUsed((source) => compileComposed(source, 'html')),
  addresses: shareWhileUsed((source) => compileComposed(source, 'addresses')),
};

/**
 * One path alone: the documented `^{{\s*([^}\s]+)\s*}}$`, less what is a Handlebars tag and not a path, plus braces
 * and quoted names with spaces. Each character can match in one way only, so the time is linear.
 */
const LONE_VARIABLE =
  /^\{\{\s*((?!this\b|else\s*\}\})[^\s{}"'()=|[\]~#/^&>*!@.](?:[^\s{}"'()=|[\]~]|\[(?:"[^"]*"|'[^']*'|[^\]"']*)\]|\{[^{}]+\}|"[^"]*"|'[^']*')*)\s*\}\}$/;

function literal(source: string): Template {
  return { kind: 'literal', source, variables: [], evaluate: () => source, render: () => source };
}

function compileVariable(source: string, path: string): Result<Template, TemplateError> {
  const segments = parsePath(path);
  if (!segments.ok) return fail(templateErrorAt(source, source.indexOf(path), segments.error));
  const find = compileLookup(path);
  return ok({
    kind: 'variable',
    source,
    variables: [segments.value.join('.')],
    evaluate: find,
    render: (vars) => textOf(find(vars)),
  });
}

const WRITE: Readonly<Record<TemplateForm, (marked: string) => string>> = {
  text: (text) => text,
  url: encodeUrlValues,
  html: escapeHtmlValues,
  addresses: separateAddressValues,
};

function compileComposed(source: string, writes: TemplateForm): Result<Template, TemplateError> {
  const parsed = parseTemplate(source);
  if (!parsed.ok) return parsed;
  const program = compileProgram(source, parsed.value);
  if (!program.ok) return program;
  const { write, numberAlone, variables } = program.value;
  const render = (vars: Vars, ctx: EvaluationContext): string => {
    const evaluation = startEvaluation(vars, ctx, writes !== 'text');
    const text = write(evaluation, { context: vars, parent: undefined });
    endEvaluation(evaluation);
    if (isExhausted(evaluation)) return '';
    return WRITE[writes](text);
  };
  const evaluateNumber = (vars: Vars, ctx: EvaluationContext): unknown => {
    const evaluation = startEvaluation(vars, ctx);
    const value = numberAlone?.(evaluation, { context: vars, parent: undefined });
    endEvaluation(evaluation);
    return typeof value === 'number' ? value : textOf(value);
  };
  return ok({ kind: 'composed', source, variables, evaluate: numberAlone ? evaluateNumber : render, render });
}
