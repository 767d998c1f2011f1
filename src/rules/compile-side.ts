import { fail, ok, type Result } from '../lib/result.ts';
import type { Sliced } from '../lib/slices.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { compileTemplate } from '../templates/compile-template.ts';
import { describeTemplateError } from '../templates/template-error.ts';
import { compileLookup } from '../variables/lookup.ts';
import { parsePath } from '../variables/property-path.ts';

/** One side of a rule, made ready to be resolved for each lead (spec behaviour 5.3). */
export interface Side {
  resolve(vars: Vars, ctx: EvaluationContext): unknown;
  /** The value when it is the same for every lead, else undefined. */
  constant: unknown;
  /** The variable paths it reads. */
  variables: readonly string[];
  /** As written, for a reason. */
  source: string;
}

/** A left side: a template when it has `{{`, else the path of a variable. The error is a sentence with the remedy. */
export function compileLeftSide(source: string): Result<Side, string> {
  if (isTemplate(source)) return compileTemplateSide(source);
  const path = source.trim();
  const parsed = parsePath(path);
  return parsed.ok
    ? ok({ resolve: compileLookup(path), constant: undefined, variables: [path], source: path })
    : parsed;
}

/** A right side: a literal, a template when it has `{{`, or a list of both. Pauses behind each member of a list. */
export function* compileRightSide(written: unknown): Sliced<Result<Side, string>> {
  if (typeof written === 'string' && isTemplate(written)) return compileTemplateSide(written);
  if (Array.isArray(written) && written.some(isTemplate)) return yield* compileListSide(written);
  return ok({ resolve: () => written, constant: written, variables: [], source: String(written) });
}

function isTemplate(written: unknown): boolean {
  return typeof written === 'string' && written.includes('{{');
}

function compileTemplateSide(source: string): Result<Side, string> {
  const compiled = compileTemplate(source);
  if (!compiled.ok) return fail(describeTemplateError(compiled.error));
  const template = compiled.value;
  return ok({
    resolve: (vars, ctx) => template.evaluate(vars, ctx),
    constant: undefined,
    variables: template.variables,
    source: source.trim(),
  });
}

function* compileListSide(written: readonly unknown[]): Sliced<Result<Side, string>> {
  const members: Side[] = [];
  for (const member of written) {
    const side: Result<Side, string> = yield* compileRightSide(Array.isArray(member) ? String(member) : member);
    yield;
    if (!side.ok) return side;
    members.push(side.value);
  }
  return ok({
    resolve: (vars, ctx) => members.map((member) => member.resolve(vars, ctx)),
    constant: undefined,
    variables: members.flatMap((member) => member.variables),
    source: members.map((member) => member.source).join(','),
  });
}
