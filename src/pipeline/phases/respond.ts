import { NO_MONEY } from '../../model/money.ts';
import { answerReserveMs, deadlineOf } from '../deadline.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { addSeen } from '../places-known.ts';
import type { SettleRequest, SettleResult } from '../run-store.ts';
import { buildSettlement } from '../settlement.ts';
import { AGAIN, PROCEED, unavailable, type Verdict } from '../verdict.ts';
import { inboundResponse } from './inbound-response.ts';

/**
 * Commits the lead, its events and the settlement of all it holds, and only then lets the answer go (seed 003, "The
 * life of a lead in the store"). While the database is away the sender waits a bounded time, then gets 503; the
 * result itself waits on.
 */
export async function respond(run: RunOf<'respond'>, deps: PhaseDeps): Promise<Verdict> {
  const settlement = buildSettlement(run, deps);
  const settled = await settleInTime(run, { settlement, deps });
  switch (settled.kind) {
    case 'settled':
      return PROCEED;
    case 'refused':
      deps.report({ leadId: run.leadId, where: 'respond', error: settled.reason });
      run.outcome = 'error';
      run.reason = 'The lead could not be stored';
      run.price = NO_MONEY;
      return inboundResponse(run, deps);
    case 'changed':
      // The answer must not go: it reports a success that has no place.
      if (settlement.claims) run.known = addSeen(run.known, settlement.claims, settled);
      return AGAIN;
    case 'fenced':
      return unavailable('another server process has ended this lead');
    default:
      return unavailable(settled.reason);
  }
}

/** The commit's answer, or `unavailable` when the sender has waited long enough; the commit itself goes on. */
export function settleInTime(
  run: RunOf<'respond'>,
  { settlement, deps }: { settlement: SettleRequest; deps: PhaseDeps },
): Promise<SettleResult> {
  const waitMs = settleWaitMs(run, deps);
  return new Promise((resolve, reject) => {
    const callOff = deps.startTimer(waitMs, () => {
      deps.report({ leadId: run.leadId, where: 'respond', error: `not committed within ${Math.round(waitMs)} ms` });
      resolve({ kind: 'unavailable', reason: 'the lead could not be committed in time' });
    });
    deps.store.settle(settlement).then((settled) => {
      callOff();
      resolve(settled);
    }, reject);
  });
}

/** A sender with a deadline is answered inside it, also when the database is slow (decision 23). */
function settleWaitMs(run: RunOf<'respond'>, deps: PhaseDeps): number {
  const deadlineMs = run.route ? deadlineOf(run) : null;
  if (deadlineMs === null) return deps.settleWaitMs;
  const leftMs = run.submission.arrivedAt + deadlineMs - deps.clock.monotonic();
  // Not less than what was kept for it: a lead that is sold and not answered costs more than some late milliseconds.
  return Math.min(deps.settleWaitMs, Math.max(answerReserveMs(deadlineMs), leftMs));
}
