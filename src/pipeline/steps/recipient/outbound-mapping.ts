import { dollars } from '../../../model/money.ts';
import { copyContainers } from '../../../variables/assign.ts';
import { NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/**
 * What the module sees: all variables, those of the recipient, and on top what the mappings write. The variables of
 * the lead are not copied; only the names that a mapping writes below are (spec modules a4).
 */
export function outboundMapping(stepRun: StepRun): StageVerdict {
  const { run, step, eventId } = stepRun;
  const price = dollars(run.offered.amount);
  const seen = {
    ...run.vars,
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
