import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { dollars } from '../model/money.ts';
import { PHASES } from '../pipeline/phases.ts';
import {
  type ExplainedCap,
  explainBid,
  explainCap,
  explainOfferCap,
  findOffer,
  type OffersPast,
} from './explain-lead.ts';
import type { PingRecord } from './ping-store.ts';

/** A ping and the flow as it was then. */
export interface PingPast {
  ping: PingRecord;
  flow: CompiledFlow;
}

/** What became of the price: `open` can be redeemed yet. */
export type PingState = 'open' | 'redeeming' | 'redeemed' | 'expired' | 'refused';

/** The properties of a ping in a list, which `include` and `exclude` may name. */
export const PING_PROPERTIES = [
  'id',
  'flow',
  'source',
  'revision',
  'outcome',
  'reason',
  'price',
  'state',
  'ping_limit_reached',
  'submitted_at',
  'expires_at',
  'redeemed_at',
] as const;

/** A ping as lists show it. `now` is epoch ms. */
export function buildPing({ ping, flow }: PingPast, now: number): Record<(typeof PING_PROPERTIES)[number], unknown> {
  return {
    id: ping.id,
    flow: { id: ping.flowId, name: flow.name },
    source: { id: ping.sourceId, name: flow.sources.get(ping.sourceId)?.name ?? '' },
    revision: ping.revision,
    outcome: ping.outcome,
    reason: ping.reason,
    price: dollars(ping.price),
    state: stateOf(ping, now),
    ping_limit_reached: isLimited(ping),
    submitted_at: new Date(ping.submittedAt).toISOString(),
    expires_at: new Date(ping.expiresAt).toISOString(),
    redeemed_at: ping.redeemedAt === null ? null : new Date(ping.redeemedAt).toISOString(),
  };
}

function stateOf({ outcome, redeemedAt, heldBy, expiresAt }: PingRecord, now: number): PingState {
  if (outcome !== 'success') return 'refused';
  if (redeemedAt !== null) return 'redeemed';
  if (heldBy !== null) return 'redeeming';
  return now > expiresAt ? 'expired' : 'open';
}

function isLimited({ facts }: PingRecord): boolean {
  return Boolean(facts.limit);
}

/**
 * Why a ping ended as it did: what each phase that decides found. Rules have their verdict and not what they compared,
 * which is not kept of a ping.
 */
export function explainPing(past: PingPast): { phases: Record<string, unknown>[] } {
  const { facts } = past.ping;
  const end = facts.stopped_in === undefined ? PHASES.length : placeOf(facts.stopped_in);
  // The database refused its data: what was decided is not known.
  const isKnown = facts.start_timestamp !== undefined;
  return {
    phases: [...DETAILS]
      .filter(([phase]) => phase !== 'steps' || hasAuction(past))
      .map(([phase, detail]) => {
        if (!isKnown || placeOf(phase) > end) return { phase, verdict: 'not reached' };
        return { phase, verdict: placeOf(phase) === end ? 'stopped' : 'passed', ...detail(past) };
      }),
  };
}

function placeOf(phase: string): number {
  return PHASES.findIndex(({ name }) => name === phase);
}

type Details = Readonly<Record<string, unknown>>;

/** The phases that decide something about a ping, in the order of PHASES. */
const DETAILS = new Map<string, (past: PingPast) => Details>([
  ['lead-object', ({ flow }) => ({ flow_enabled: flow.isEnabled })],
  ['list-checks', (past) => ({ lists: past.ping.facts.lists ?? [], ping_limit: explainPingLimit(past) })],
  [
    'pricing',
    (past) => {
      const { offered_price, winner = null, also_matched, asked_prices = [] } = past.ping.facts;
      return { offered_price, winner, also_matched, asked_prices, rules: rulesBelow(past, 'pricing') };
    },
  ],
  ['caps', (past) => ({ cap: explainPingCap(past), rules: rulesBelow(past, 'caps') })],
  [
    'acceptance-criteria',
    (past) => ({
      within_hours_of_operation: past.flow.hours.isOpenAt(past.ping.submittedAt),
      rules: rulesBelow(past, 'acceptance_criteria'),
    }),
  ],
  ['steps', (past) => ({ distributions: explainAuctions(past), rules: rulesBelow(past, 'steps') })],
]);

/** Do bids price the pings of the flow? Of the others no step is shown, because a ping runs none. */
function hasAuction({ ping, flow }: PingPast): boolean {
  return flow.pings.bidders.length > 0 || ping.facts.distributions !== undefined;
}

/** The same as of a lead, which has a document besides. */
export function offersOf({ ping, flow }: PingPast): OffersPast {
  const { distributions } = ping.facts;
  return { lead: { submittedAt: ping.submittedAt, document: null, sourceFacts: { distributions } }, flow };
}

/** Who was asked for a bid, what each bid was, and why the others were not asked. */
function explainAuctions(past: PingPast): Details[] {
  const offers = offersOf(past);
  return (past.ping.facts.distributions ?? []).map(({ step_id, key }) => ({
    step_id,
    key,
    recipients: past.flow.steps.flatMap((step): Details[] => {
      const offer = findOffer(offers, step);
      if (!offer || offer.of !== step_id || step.kind !== 'recipient') return [];
      const { bid: { id = null } = {}, cap, verdict } = offer;
      const { reason: _, ...bid } = explainBid(offers, offer) ?? { reason: null };
      return [
        {
          step_id: step.id,
          recipient: { id: step.entityId, name: step.entityName },
          verdict,
          bid: offer.bid ? { ...bid, id } : null,
          cap: explainOfferCap(offers, { step, cap }),
        },
      ];
    }),
  }));
}

/** The ping limit that refused it; null: none did. */
export function explainPingLimit(past: PingPast): ExplainedCap | null {
  const { ping, flow } = past;
  const caps = [...flow.pings.limits, ...(flow.sources.get(ping.sourceId)?.pingLimits ?? [])];
  return explainCap(offersOf(past), { refusal: ping.facts.limit, caps });
}

/** The cap of the flow or of the source that refused it; null: none did. */
export function explainPingCap(past: PingPast): ExplainedCap | null {
  const { ping, flow } = past;
  const caps = [...flow.caps.caps, ...(flow.sources.get(ping.sourceId)?.caps.caps ?? [])];
  return explainCap(offersOf(past), { refusal: ping.facts.cap, caps });
}

/** Rules of a part of the flow, and of the same part of its sources. */
function rulesBelow({ ping, flow }: PingPast, part: string): Details[] {
  return (ping.facts.rules ?? []).flatMap(([index, passed]) => {
    const row = flow.catalogue.rows[index];
    if (!row) return [];
    const names = row.path.split('.');
    if ((names[0] === 'sources' ? names[2] : names[0]) !== part) return [];
    const { path, label, lhv, op, rhv } = row;
    return [{ path, label, lhv, op, rhv: rhv ?? null, passed: passed === 1 }];
  });
}
