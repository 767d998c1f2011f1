import { DEFAULT_CAP_REASON } from '../../../caps/compile-caps.ts';
import { buildCapRequests, lookAtPlaces } from '../../look-at-places.ts';
import { findCapSeen } from '../../places-known.ts';
import { collectFindings } from '../../rule-findings.ts';
import { findExpectedPrice } from './expected-price.ts';
import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, type StageVerdict } from './step-run.ts';

/**
 * A full cap of the step skips it and leaves the lead's outcome alone (decision 11). The places are taken with the
 * step's intent. Once the lead has claimed, it looks at nothing any more: the claim of the step finds a cap that is full.
 */
export function stepCaps(stepRun: StepRunOf<'step-caps'>): StageVerdict | Promise<StageVerdict> {
  const { run, step, deps } = stepRun;
  stepRun.expectedPrice = stepRun.sale?.amount ?? findExpectedPrice(run, step);
  if (run.attempt?.hasPlaces) return NEXT;
  stepRun.askedCaps = step.caps.matching(run.vars, run.ctx, collectFindings(run.findings));
  if (stepRun.askedCaps.length === 0) return NEXT;
  if (run.hasRun) return skipWhenFull(stepRun);
  const caps = buildCapRequests(run, { caps: stepRun.askedCaps, stepId: step.id, price: stepRun.expectedPrice });
  const looking = lookAtPlaces(run, { asked: { lists: [], caps }, deps });
  if (looking === null) return skipWhenFull(stepRun);
  return looking.then((refused) => refused ?? skipWhenFull(stepRun));
}

/** Ends the step when the lead knows of a cap of it that is full. */
export function skipWhenFull(stepRun: Omit<StepRunOf<'step-caps'>, 'sale'>): StageVerdict {
  const { run, step, askedCaps, expectedPrice } = stepRun;
  const requests = buildCapRequests(run, { caps: askedCaps, stepId: step.id, price: expectedPrice });
  const full = requests.filter((cap) => findCapSeen(run.known, cap)?.refusal);
  const [first] = full;
  if (!first) return NEXT;
  run.refusals = [...run.refusals, ...full];
  stepRun.capRefusal = findCapSeen(run.known, first)?.refusal ?? null;
  const cap = askedCaps.find(({ id }) => id === first.capId);
  return end('skip', cap ? cap.reason(run.vars, run.ctx) : DEFAULT_CAP_REASON);
}
