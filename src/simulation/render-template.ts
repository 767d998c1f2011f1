import { Type } from 'typebox';
import { normalizeValue } from '../field-types/normalize-value.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { compileTemplate, type Template } from '../templates/compile-template.ts';
import type { TemplateError } from '../templates/template-error.ts';
import { createBodyReader } from './read-body.ts';
import { readTrial, TRIAL_PROPERTIES, type TrialPlace } from './trial.ts';

export interface RenderedTemplate {
  kind: Template['kind'];
  /** Typed for a variable alone, with its components; null: it is missing. */
  value: unknown;
  text: string;
}

/** As long as a text of a flow may be. */
const TEMPLATE_CHARACTERS_MAX = 32_768;

const readBody = createBodyReader(
  Type.Object(
    { template: Type.String({ maxLength: TEMPLATE_CHARACTERS_MAX }), ...TRIAL_PROPERTIES },
    { additionalProperties: false },
  ),
);

/** One template with given variables, or what is wrong with either; in the template with its place. */
export function renderTemplate(
  body: unknown,
  place: TrialPlace,
): Result<RenderedTemplate, (Problem | (Problem & TemplateError))[]> {
  const read = readBody(body);
  if (!read.ok) return read;
  const trial = readTrial(read.value, place);
  if (!trial.ok) return trial;
  const compiled = compileTemplate(read.value.template);
  if (!compiled.ok) return fail([{ path: 'template', ...compiled.error }]);
  const template = compiled.value;
  const { vars, ctx } = trial.value;
  const value = normalizeValue(template.evaluate(vars, ctx)) ?? null;
  return ok({ kind: template.kind, value, text: template.render(vars, ctx) });
}
