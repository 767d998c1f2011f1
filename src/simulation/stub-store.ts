import type { CapRequest, ListVerdict, RunStore, SettleRequest } from '../pipeline/run-store.ts';
import type { CapRefusal } from '../stored/lead-document.ts';

export interface StubbedStore {
  store: RunStore;
  /** The settlement that would have been stored; null: none. */
  settled(): SettleRequest | null;
}

/** A store that keeps nothing: lists and caps are as given, and every write succeeds. */
export function stubStore(given: {
  /** Ids of lists that have the lead's value. */
  found: ReadonlySet<string>;
  /** Places used, by the cap's id; a cap that is not here has none used. */
  counts: ReadonlyMap<string, number>;
}): StubbedStore {
  const { found, counts } = given;
  let settled: SettleRequest | null = null;
  const verdictOn = (listId: string): ListVerdict =>
    found.has(listId) ? { found: true, because: 'added', addedAt: null } : { found: false };
  return {
    settled: () => settled,
    store: {
      reserve: async ({ lists, caps, held, hasRun }) => {
        const capRefusal = findRefusal(caps, counts);
        return {
          kind: 'reserved',
          lists: lists.map(({ listId }) => verdictOn(listId)),
          capRefusal,
          held: {
            lists: [...held.lists, ...lists.filter(({ listId, hold }) => hold && !found.has(listId))],
            caps: [...held.caps, ...(capRefusal ? [] : caps)],
          },
          hasRun,
        };
      },
      intend: async () => ({ kind: 'committed' }),
      settle: async (request) => {
        settled = request;
        return { kind: 'settled' };
      },
    },
  };
}

/** The first cap without a place. */
function findRefusal(caps: readonly CapRequest[], counts: ReadonlyMap<string, number>): CapRefusal | null {
  for (const { capId, maximum } of caps) {
    const count = counts.get(capId) ?? 0;
    if (count >= maximum) return { capId, count, held: 0, maximum };
  }
  return null;
}
