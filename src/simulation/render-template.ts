import { type Static, Type } from 'typebox';
import { normalizeValue } from '../field-types/normalize-value.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { compileTemplate, type Template } from '../templates/compile-template.ts';
import type { TemplateError } from '../templates/template-error.ts';
import { readSimulatedVars, SIMULATED_VARS_PROPERTIES, type SimulationPlace } from './simulated-vars.ts';

export interface RenderedTemplate {
  kind: Template['kind'];
  /** Typed for a variable alone, with its components; null: it is missing. */
  value: unknown;
  text: string;
}

/** As long as a text of a flow may be. */
const TEMPLATE_CHARACTERS_MAX = 32_768;

/** The body of the request. */
export const TEMPLATE_TRIAL = Type.Object(
  { template: Type.String({ maxLength: TEMPLATE_CHARACTERS_MAX }), ...SIMULATED_VARS_PROPERTIES },
  { additionalProperties: false, $id: 'TemplateTrial' },
);

/** Renders one template with given variables, or returns the problems of both; those of the template with their place. */
export function renderTemplate(
  given: Static<typeof TEMPLATE_TRIAL>,
  place: SimulationPlace,
): Result<RenderedTemplate, (Problem | (Problem & TemplateError))[]> {
  const simulated = readSimulatedVars(given, place);
  if (!simulated.ok) return simulated;
  const compiled = compileTemplate(given.template);
  if (!compiled.ok) return fail([{ path: 'template', ...compiled.error }]);
  const template = compiled.value;
  const { vars, ctx } = simulated.value;
  const value = normalizeValue(template.evaluate(vars, ctx)) ?? null;
  return ok({ kind: template.kind, value, text: template.render(vars, ctx) });
}
