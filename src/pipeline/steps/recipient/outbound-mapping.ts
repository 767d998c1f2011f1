import { dollars } from '../../../model/money.ts';
import type { Vars } from '../../../model/vars.ts';
import { copyContainers } from '../../../variables/assign.ts';
import { createScrubber, NOTHING_TO_SCRUB } from '../../../variables/scrub-secrets.ts';
import type { LeadRun } from '../../lead-run.ts';
import { scrubValues } from '../../scrub-values.ts';
import { NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/**
 * What the module sees: all variables, those of the recipient, and on top what the mappings write. The variables of
 * the lead are not copied; only the names that a mapping writes below are (spec modules a4).
 */
export function outboundMapping(stepRun: StepRun): StageVerdict {
  const { run, step, eventId } = stepRun;
  const price = dollars(run.offered.amount);
  const seen = {
    ...(step.seesSecrets ? run.vars : withoutSecrets(run)),
    recipient: { id: step.entityId, name: step.entityName },
    price,
    purchase_price: price,
    event_id: eventId,
    // Stays the same however often it is tried.
    delivery_id: run.attempt?.firstEventId ?? eventId,
  };
  const moduleVars: Record<string, unknown> = { ...seen };
  for (const root of step.mappedRoots) {
    if (Object.hasOwn(moduleVars, root)) moduleVars[root] = copyContainers(moduleVars[root]);
  }
  stepRun.appliedMappings = step.mappings.apply(seen, moduleVars, run.ctx).map((applied) => applied.index);
  stepRun.moduleVars = moduleVars;
  return NEXT;
}

/**
 * Masked fields are left out of what destinations get, so their values are too where a sender wrote them into another
 * field or a recipient repeated them. That is also how the lead is stored, and so what a retry sends.
 */
function withoutSecrets({ vars, appended, secrets }: LeadRun): Vars {
  const scrub = createScrubber(secrets ?? []);
  if (scrub === NOTHING_TO_SCRUB) return vars;
  const keys = Object.keys(appended).map((key) => [key, scrubValues(appended[key], { scrub, areNamesForeign: true })]);
  return {
    ...vars,
    ...Object.fromEntries(keys),
    lead: scrubValues(vars['lead'], { scrub, areNamesForeign: false }),
  };
}
