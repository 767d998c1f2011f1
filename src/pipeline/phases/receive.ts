import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/** Gives the lead its id, its instant and its random number; from here on it exists. */
export function receive(run: RunOf<'receive'>, deps: PhaseDeps): Verdict {
  const { resubmission, imported, inner, isPing } = run.submission;
  const known = resubmission?.leadId ?? imported?.leadId ?? inner?.leadId;
  run.leadId = known ?? (isPing ? deps.ids.event() : deps.ids.next());
  run.ctx = { now: run.submission.request.timestamp, timeZone: 'UTC', random: deps.random };
  return PROCEED;
}
