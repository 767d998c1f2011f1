import { NO_MONEY } from '../../model/money.ts';
import type { SettleResult } from '../../store/store.ts';
import type { LeadRun } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import { settlementOf } from '../settlement.ts';
import { PROCEED, unavailable, type Verdict } from '../verdict.ts';
import { inboundResponse } from './inbound-response.ts';

/**
 * Commits the lead, its events and the settlement of all it holds, and only then lets the answer go (seed 003, "The
 * life of a lead in the store"). While the database is away the sender waits a bounded time, then gets 503; the
 * result itself waits on.
 */
export async function respond(run: LeadRun, deps: PhaseDeps): Promise<Verdict> {
  const settled = await settleInTime(run, deps);
  switch (settled.kind) {
    case 'settled':
      return PROCEED;
    case 'refused':
      deps.report({ leadId: run.leadId, where: 'respond', error: settled.reason });
      run.outcome = 'error';
      run.reason = 'The lead could not be stored';
      run.price = NO_MONEY;
      return inboundResponse(run, deps);
    case 'fenced':
      return unavailable('another server process has ended this lead');
    default:
      return unavailable(settled.reason);
  }
}

/** The commit's answer, or `unavailable` when the sender has waited long enough; the commit itself goes on. */
function settleInTime(run: LeadRun, deps: PhaseDeps): Promise<SettleResult> {
  const settlement = settlementOf(run, deps);
  return new Promise((resolve, reject) => {
    const callOff = deps.startTimer(deps.settleWaitMs, () => {
      deps.report({ leadId: run.leadId, where: 'respond', error: `not committed within ${deps.settleWaitMs} ms` });
      resolve({ kind: 'unavailable', reason: 'the lead could not be committed in time' });
    });
    deps.store.settle(settlement).then((settled) => {
      callOff();
      resolve(settled);
    }, reject);
  });
}
