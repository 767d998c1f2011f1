import { nearestMoney } from '../model/money.ts';
import type { CapRequest, CapSeen, ListVerdict, RunStore, SettleRequest } from '../pipeline/run-store.ts';

export interface StubbedStore {
  store: RunStore;
  /** The settlement that would have been stored; null: none. */
  settled(): SettleRequest | null;
}

/** A store that keeps nothing: lists and caps are as given, and every write succeeds. */
export function stubStore(given: {
  /** Ids of lists that have the lead's value. */
  found: ReadonlySet<string>;
  /** Places used, or dollars, by the cap's id; a cap that is not here has none used. */
  counts: ReadonlyMap<string, number>;
}): StubbedStore {
  const { found, counts } = given;
  let settled: SettleRequest | null = null;
  const verdictOn = (listId: string): ListVerdict =>
    found.has(listId) ? { found: true, because: 'added', addedAt: null } : { found: false };
  return {
    settled: () => settled,
    store: {
      look: async ({ lists, caps }) => ({
        kind: 'seen',
        lists: lists.map(({ listId }) => verdictOn(listId)),
        caps: caps.map((cap) => seeCap(cap, counts)),
      }),
      claim: async ({ lists, caps }) => ({
        kind: 'committed',
        took: { lists: lists.filter(({ hold }) => hold), caps: [...caps] },
      }),
      settle: async (request) => {
        settled = request;
        return { kind: 'settled' };
      },
    },
  };
}

function seeCap(request: CapRequest, counts: ReadonlyMap<string, number>): CapSeen {
  const { capId, amount, maximum, generation } = request;
  const used = counts.get(capId) ?? 0;
  const count = amount === undefined ? used : nearestMoney(used);
  const isFull = count + (amount ?? 1) > maximum;
  return { refusal: isFull ? { capId, amount, count, held: 0, maximum } : null, generation };
}
