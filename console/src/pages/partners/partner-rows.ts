import type { AccountEntity, Latency, PartnerNumbers, RecipientHealth, Side } from '../../api/partners.ts';
import { shareOf } from '../../parts/format-number.ts';
import { type FrameSearch, readFrameSearch } from '../../parts/time-frames.ts';

/** How a list of partners is shown. */
export interface PartnerSearch extends FrameSearch {
  sort?: SortKey;
  dir?: 'asc';
  /** The form of a new one is open. */
  panel?: typeof NEW_PANEL;
}

export const NEW_PANEL = 'new';

export const SORT_KEYS = [
  ...(['name', 'submitted', 'accepted', 'error', 'returned', 'cost', 'revenue', 'profit', 'p50', 'p95'] as const),
];
export type SortKey = (typeof SORT_KEYS)[number];

/** What means nothing is left out. */
export function readPartnerSearch(search: Readonly<Record<string, unknown>>): PartnerSearch {
  const sort = SORT_KEYS.find((each) => each === search['sort']);
  return {
    ...readFrameSearch(search),
    ...(sort !== undefined && { sort }),
    ...(search['dir'] === 'asc' && { dir: 'asc' }),
    ...(search['panel'] === NEW_PANEL && { panel: NEW_PANEL }),
  };
}

export interface PartnerRow extends PartnerNumbers {
  /** Shares from 0 to 1; null: there was nothing. */
  accepted: number | null;
  returned: number | null;
  p50: number | null;
  p95: number | null;
  volumes: readonly number[];
  flows: number;
}

const NOTHING = { submitted: 0, success: 0, failure: 0, error: 0, returns: 0, cost: 0, revenue: 0, profit: 0 };

/** Those that are of this side, and those that did something as one in the time: deleted ones, too. */
export function buildRows(
  side: Side,
  given: {
    entities: readonly AccountEntity[];
    numbers: readonly PartnerNumbers[];
    latencies?: ReadonlyMap<string, Latency> | undefined;
    volumes?: ReadonlyMap<string, readonly number[]> | undefined;
  },
): PartnerRow[] {
  const { entities, numbers, latencies, volumes } = given;
  const counted = new Map(numbers.map((each) => [each.id, each]));
  // The account is an entity of both sides, too.
  const own = entities.filter((entity) => entity[side] !== null && !entity.account && !counted.has(entity.id));
  const flowsOf = new Map(entities.map(({ id, flow_ids: ids }) => [id, ids.length]));
  return [...numbers, ...own.map(({ id, name }) => ({ id, name, ...NOTHING }))].map((each) => ({
    ...each,
    accepted: shareOf(each.success, each.success + each.failure + each.error),
    returned: shareOf(each.returns, each.success),
    p50: latencies?.get(each.id)?.p50 ?? null,
    p95: latencies?.get(each.id)?.p95 ?? null,
    volumes: volumes?.get(each.id) ?? [],
    flows: flowsOf.get(each.id) ?? 0,
  }));
}

/** The most first unless the address says otherwise; what has no number, and who did nothing in the time, is last. */
export function sortPartners(rows: readonly PartnerRow[], { sort = 'submitted', dir }: PartnerSearch): PartnerRow[] {
  const sign = dir === 'asc' ? 1 : -1;
  return rows.toSorted((one, other) => {
    if (sort === 'name') return sign * one.name.localeCompare(other.name);
    const [a, b] = [numberFor(one, sort), numberFor(other, sort)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (a - b) || one.name.localeCompare(other.name);
  });
}

/** null: there is none. Who had no lead did not earn the least. */
function numberFor(row: PartnerRow, sort: Exclude<SortKey, 'name'>): number | null {
  const { submitted, cost, revenue, returns } = row;
  const isIdle = submitted === 0 && cost === 0 && revenue === 0 && returns === 0;
  return isIdle ? null : row[sort];
}

export type CircuitState = RecipientHealth['state'] | 'idle';

/** Of all processes and addresses the worst; `idle`: nothing was sent lately. */
export function circuitOf(health: readonly RecipientHealth[], recipientId: string): CircuitState {
  const own = health.filter(({ recipient_id: id }) => id === recipientId);
  return (['open', 'half_open', 'closed'] as const).find((state) => own.some((each) => each.state === state)) ?? 'idle';
}

export const CIRCUITS: Readonly<Record<CircuitState, { status: string; word: string; text: string }>> = {
  open: { status: 'open', word: 'Stopped', text: 'Nothing is sent until a test request succeeds.' },
  half_open: { status: 'retry', word: 'Trying', text: 'One request is sent to see whether it answers again.' },
  closed: { status: 'success', word: 'Sending', text: 'Deliveries are sent.' },
  idle: { status: 'skip', word: 'Idle now', text: 'Nothing was sent in the last minute.' },
};
