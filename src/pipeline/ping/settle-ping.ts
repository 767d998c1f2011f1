import { dollars, NO_MONEY } from '../../model/money.ts';
import { buildAskedPrice, buildPingDistribution, type DistributionFacts } from '../../stored/event-facts.ts';
import { type PingFacts, writePingFacts } from '../../stored/ping-facts.ts';
import { storableText } from '../../stored/storable.ts';
import { showDistribution } from '../event-rows.ts';
import { routeOf, runKeyOf } from '../lead-run.ts';
import { scrubberOf } from '../lead-scrubber.ts';
import { PING_ID_HEADER } from '../named-ping.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { inboundResponse } from '../phases/inbound-response.ts';
import { settleInTime } from '../phases/respond.ts';
import { addSeen, findCapSeen } from '../places-known.ts';
import type { SettleRequest } from '../run-store.ts';
import { AGAIN, PROCEED, unavailable, type Verdict } from '../verdict.ts';
import { buildLimitRequests } from './ping-limits.ts';
import { hidePerson } from './ping-reason.ts';
import { hashPingValues } from './ping-values.ts';

/**
 * Commits the ping and, where it is accepted, its place in each ping limit, in one transaction; only then the answer goes.
 * A limit that filled meanwhile makes it decide again, so that it is a failure and counts in none.
 */
export async function settlePing(run: RunOf<'respond'>, deps: PhaseDeps): Promise<Verdict> {
  const settlement = buildPingSettlement(run, deps);
  const settled = await settleInTime(run, { settlement, deps });
  switch (settled.kind) {
    case 'settled':
      if (run.outcome === 'success') nameInAnswer(run);
      return PROCEED;
    case 'refused':
      deps.report({ leadId: run.leadId, where: 'ping', error: settled.reason });
      run.outcome = 'failure';
      run.reason = 'The ping could not be stored';
      run.price = NO_MONEY;
      return inboundResponse(run, deps);
    case 'changed':
      if (settlement.claims) run.known = addSeen(run.known, settlement.claims, settled);
      return AGAIN;
    case 'fenced':
      return unavailable('another server process has ended this ping');
    default:
      return unavailable(settled.reason);
  }
}

/** The id is in a header, because the body is exactly the measured one (decision 26). */
function nameInAnswer(run: RunOf<'respond'>): void {
  if (!run.answer) return;
  run.answer = { ...run.answer, headers: { ...run.answer.headers, [PING_ID_HEADER]: run.leadId } };
}

function buildPingSettlement(run: RunOf<'respond'>, deps: PhaseDeps): SettleRequest {
  const isAccepted = run.outcome === 'success';
  const limits = buildLimitRequests(run);
  const scrub = scrubberOf(run);
  return {
    run: runKeyOf(run),
    hasRun: false,
    held: { lists: [], caps: [] },
    intentCount: 0,
    claims: isAccepted && limits.length > 0 ? { lists: [], caps: limits } : null,
    used: { lead: isAccepted, steps: [] },
    // A full cap refuses leads; what a ping is refused for is counted by its limits alone.
    refusals: run.limitRefusal ? limits.filter((limit) => findCapSeen(run.known, limit)?.refusal) : [],
    outcome: run.outcome,
    reason: run.reason === null ? null : storableText(scrub(hidePerson(run, run.reason))),
    price: run.price,
    events: [],
    document: '',
    ping: {
      expiresAt: run.ctx.now + routeOf(run).flow.pings.lifeMs,
      facts: writePingFacts(buildFacts(run, deps)),
    },
  };
}

function buildFacts(run: RunOf<'respond'>, { clock, host, version, hashListValue }: PhaseDeps): PingFacts {
  const { offered, askedPrices, distributions, warnings, stoppedIn } = run;
  return {
    start_timestamp: run.ctx.now,
    end_timestamp: clock.now(),
    wait_ms: Math.round(run.waitMs),
    host,
    handler_version: version,
    module_id: routeOf(run).source.document.integration.module_id,
    ...(stoppedIn !== null && { stopped_in: stoppedIn }),
    lists: run.listFindings.map(({ check, verdict }) => ({ check, found: verdict.found })),
    limit: run.limitRefusal,
    cap: run.capRefusal,
    offered_price: dollars(offered.amount),
    winner: offered.winner,
    also_matched: offered.alsoMatched,
    ...(askedPrices.length > 0 && { asked_prices: askedPrices.map(buildAskedPrice) }),
    ...(distributions.length > 0 && { distributions: buildDistributions(run) }),
    rules: run.findings.map(([index, , , passed]) => [index, passed]),
    ...(warnings.length > 0 && { warnings }),
    ...(run.outcome === 'success' && { values: hashPingValues(run, { pingId: run.leadId, hashListValue }) }),
  };
}

function buildDistributions(run: RunOf<'respond'>): DistributionFacts[] {
  const scrub = scrubberOf(run);
  return run.distributions.map((each) => buildPingDistribution(showDistribution(each), scrub));
}
