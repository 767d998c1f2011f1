import type { CompiledListCheck } from '../../flow-compiler/compiled-flow.ts';
import { normaliseListValue } from '../../lists/normalise-list-value.ts';
import { routeOf } from '../lead-run.ts';
import { buildCapRequests, buildStepCapRequests, lookAtPing, lookAtPlaces, matchingCaps } from '../look-at-places.ts';
import { asPingId, buildRedemption, readPingId } from '../named-ping.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { buildLimitRequests, listPingLimits, PING_LIMIT_REASON } from '../ping/ping-limits.ts';
import { findCapSeen, findListVerdict } from '../places-known.ts';
import type { ListRequest, PlacesAsked } from '../run-store.ts';
import { PROCEED, stop, type Verdict } from '../verdict.ts';

/**
 * Looks the lead's values up in the flow's lists and sets `suppressionlist.is_duplicate` and its siblings; it rejects
 * nothing, rules do (decision 3). A blank value is not checked. A check of several values is true if one of them is found
 * (decision page 0073). The duplicate check takes its values only with the lead's claim, all of them (decision page 0065).
 *
 * A ping takes nothing: it looks, also at its ping limits, and a full one ends it here. A post that names a ping reads it
 * in the same packet.
 *
 * The caps are looked at in the same read, so that no lead is refused for the place that its own duplicate took between
 * two reads. Revenue caps wait for the price: the caps phase reads the lists once more with them. Where a cap depends on
 * what lists or prices say, all are read and the caps phase says which of them match.
 */
export function listChecks(run: RunOf<'list-checks'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const asked = askedChecks(run, deps);
  run.askedLists = asked.map(({ request }) => request);
  const { isPing } = run.submission;
  const pingId = isPing ? null : findPingId(run);
  const isLimited = isPing === true && listPingLimits(run).length > 0;
  if (run.askedLists.length === 0 && pingId === null && !isLimited) return PROCEED;
  const places = listPlaces(run);
  const looking =
    pingId === null ? lookAtPlaces(run, { asked: places, deps }) : lookWithPing(run, { places, pingId, deps });
  if (looking === null) return decide(run, asked);
  return looking.then((refused) => refused ?? decide(run, asked));
}

/** The values, the limits of a ping, and every cap that could match. */
function listPlaces(run: RunOf<'list-checks'>): PlacesAsked {
  const { flow, source } = routeOf(run);
  run.askedCaps = source.areCapsKnownEarly ? matchingCaps(run) : null;
  const caps = run.askedCaps ?? [...flow.caps.caps, ...source.caps.caps];
  const limits = run.submission.isPing ? buildLimitRequests(run) : [];
  return {
    lists: run.askedLists,
    caps: [...limits, ...buildCapRequests(run, { caps, stepId: null, price: null }), ...buildStepCapRequests(run)],
  };
}

/** The ping that a post names, which is read once however often the lead decides; null: there is nothing to read. */
function findPingId(run: RunOf<'list-checks'>): string | null {
  const known = run.namedPing;
  if (known) {
    if (known.seen && known.id !== null) run.askedLists = [...run.askedLists, buildRedemption(known.id)];
    return null;
  }
  const given = readPingId(run);
  if (given === undefined) return null;
  const id = asPingId(given);
  if (id === null) run.namedPing = { id, seen: null };
  return id;
}

/** With the value that says whether the ping is redeemed. One that does not exist is not held. */
async function lookWithPing(
  run: RunOf<'list-checks'>,
  { places, pingId, deps }: { places: PlacesAsked; pingId: string; deps: PhaseDeps },
): Promise<{ kind: 'unavailable'; reason: string } | null> {
  const redemption = buildRedemption(pingId);
  const asked = { lists: [...places.lists, redemption], caps: places.caps };
  const refused = await lookAtPing(run, { asked, pingId, deps });
  if (run.namedPing?.seen) run.askedLists = [...run.askedLists, redemption];
  return refused;
}

function decide(run: RunOf<'list-checks'>, asked: AskedCheck[]): Verdict {
  if (asked.length > 0) noteVerdicts(run, asked);
  if (!run.submission.isPing) return PROCEED;
  const full = buildLimitRequests(run).find((limit) => findCapSeen(run.known, limit)?.refusal);
  if (!full) return PROCEED;
  run.limitRefusal = findCapSeen(run.known, full)?.refusal ?? null;
  return stop('failure', PING_LIMIT_REASON);
}

interface AskedCheck {
  check: CompiledListCheck;
  request: ListRequest;
}

function askedChecks(run: RunOf<'list-checks'>, deps: PhaseDeps): AskedCheck[] {
  const asked: AskedCheck[] = [];
  for (const check of routeOf(run).flow.listChecks) {
    const value = normaliseListValue(check.value.evaluate(run.vars, run.ctx), check.listType);
    if (value === '') continue;
    const request = {
      listId: check.listId,
      value: deps.hashListValue(value),
      cutoff: check.cutoffAt(run.ctx.now, run.ctx.timeZone),
      hold: check.hold,
    };
    if (check.place === null || !isAsked(asked, { check, request })) asked.push({ check, request });
  }
  return asked;
}

/** Two values of a check that come to the same text are one. */
function isAsked(asked: readonly AskedCheck[], { check: { name }, request: { listId, value } }: AskedCheck): boolean {
  return asked.some(
    ({ check, request }) => check.name === name && request.listId === listId && request.value.equals(value),
  );
}

function noteVerdicts(run: RunOf<'list-checks'>, asked: AskedCheck[]): void {
  const found: Record<string, unknown> = {};
  for (const { check, request } of asked) {
    const verdict = findListVerdict(run.known, request) ?? { found: false };
    noteFound(found, check, verdict.found);
    run.listFindings.push({ check: check.name, place: check.place, listId: check.listId, verdict });
  }
  run.vars['suppressionlist'] = found;
}

/** A check is true if any of its values was found; one that has several says which, by their names. */
function noteFound(variables: Record<string, unknown>, check: CompiledListCheck, isFound: boolean): void {
  const { is, by } = VARIABLES[check.name];
  variables[is] = isFound || variables[is] === true;
  if (check.place === null || !isFound) return;
  const before = variables[by];
  variables[by] = typeof before === 'string' ? `${before}, ${check.valueName}` : check.valueName;
}

/** Below `suppressionlist` (decisions 3 and 51). */
const VARIABLES = {
  duplicate: { is: 'is_duplicate', by: 'duplicate_by' },
  existing_customer: { is: 'is_existing_customer', by: 'existing_customer_by' },
  dnc: { is: 'is_dnc', by: 'dnc_by' },
} as const;
