import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { dollars } from '../model/money.ts';
import { PHASES } from '../pipeline/phases.ts';
import type { PingRecord } from './ping-store.ts';

/** A ping and the flow as it was then. */
interface PingPast {
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
    phases: [...DETAILS].map(([phase, detail]) => {
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
  ['list-checks', ({ ping: { facts } }) => ({ lists: facts.lists ?? [], ping_limit: limitOf(facts.limit) })],
  [
    'pricing',
    (past) => {
      const { offered_price, winner = null, also_matched, asked_prices = [] } = past.ping.facts;
      return { offered_price, winner, also_matched, asked_prices, rules: rulesBelow(past, 'pricing') };
    },
  ],
  ['caps', (past) => ({ cap: limitOf(past.ping.facts.cap), rules: rulesBelow(past, 'caps') })],
  [
    'acceptance-criteria',
    (past) => ({
      within_hours_of_operation: past.flow.hours.isOpenAt(past.ping.submittedAt),
      rules: rulesBelow(past, 'acceptance_criteria'),
    }),
  ],
]);

function limitOf(refusal: PingRecord['facts']['limit']): Details | null {
  if (!refusal) return null;
  const { capId: id, count, held, maximum } = refusal;
  return { id, count, held, maximum };
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
