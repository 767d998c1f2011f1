import { parseValue, plainInput } from '../../field-types/parse-value.ts';
import { instantValue } from '../../field-types/time.ts';
import type { CompiledField } from '../../flow-compiler/compiled-flow.ts';
import { assignBeside, besideOf } from '../../variables/branched-value.ts';
import { secretsOf } from '../../variables/secrets-of.ts';
import { routeOf } from '../lead-run.ts';
import type { RunOf } from '../phase-access.ts';
import { buildVarsHead } from '../vars-head.ts';
import { PROCEED, stop, type Verdict } from '../verdict.ts';

/**
 * Builds the lead: of what was submitted only the flow's fields survive, each read as its type. An unreadable value
 * is no error (seed 001). Masked fields' texts are remembered, so that nothing written later holds them.
 */
export function leadObject(run: RunOf<'lead-object'>): Verdict {
  const { flow, source } = routeOf(run);
  const isSecret = (name: string) => flow.isSecretField(name) || source.isSecretName(name);
  const secrets = [run.parsed, besideOf(run.parsed)].flatMap((values) => secretsOf(values, isSecret));
  const lead: Record<string, unknown> = {};
  for (const field of flow.fields) secrets.push(...readField(run, field, lead));
  run.secrets = secrets;
  lead['id'] = run.leadId;
  run.vars = buildVarsHead({
    submission: { timestamp: instantValue(run.ctx.now), ip: run.submission.ip },
    flow,
    source,
    lead,
    random: 1 + Math.floor(run.ctx.random() * 100),
  });
  // Here, and not earlier, so that the answer has the sender's format and the event has the lead (decision 13).
  return flow.isEnabled ? PROCEED : stop('error', 'Flow is disabled');
}

/** Answers the texts of the field that must not be stored. */
function readField(run: RunOf<'lead-object'>, field: CompiledField, lead: Record<string, unknown>): string[] {
  const submitted = field.submitted(run.values);
  if (submitted === undefined) return [];
  const value = field.type === 'array' ? submitted : parseValue(field.type, plainInput(submitted), run.ctx);
  // Beside, because `company` and `company.name` may both be fields.
  assignBeside(lead, field.segments, value);
  return field.mask ? secretsOf({ submitted, value }, () => true) : [];
}
