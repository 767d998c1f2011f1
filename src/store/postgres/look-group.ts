import { type CapCounter, judgeCap } from '../../caps/judge-cap.ts';
import { judgeListValue, type ListRow } from '../../lists/judge-list-value.ts';
import type { LookRequest, LookResult } from '../../pipeline/run-store.ts';
import type { RecentRoom } from '../recent-room.ts';
import { buildCapSeen } from './cap-seen.ts';
import { lookAtPlaces } from './claim-statements.ts';
import { buildCapKey, buildListKey, capColumns, listColumns, uniqueKeys } from './place-keys.ts';
import type { Session } from './session.ts';

/** Answers groups of looks with one statement each, and notes which windows have room. One instance per connection. */
export function createLookGroup(
  session: Session,
  room: RecentRoom,
): (requests: readonly LookRequest[]) => Promise<LookResult[]> {
  return async function lookGroup(requests) {
    const lists = uniqueKeys(requests.flatMap(({ run, lists }) => lists.map((list) => buildListKey(run, list))));
    const caps = uniqueKeys(requests.flatMap(({ run, caps }) => caps.map((cap) => buildCapKey(run, cap))));
    if (lists.length + caps.length === 0) {
      await session.connect();
      return requests.map(() => ({ kind: 'seen', lists: [], caps: [] }));
    }
    const [result] = await session.ask([
      { statement: lookAtPlaces, values: [...listColumns(lists), ...capColumns(caps)] },
    ]);
    const listRows = new Map<string, ListRow>();
    const counters = new Map<string, CapCounter>();
    // Shaped by the statement; ordinals count from 1.
    for (const row of (result?.rows ?? []) as LookRow[]) {
      const list = row.list === null ? undefined : lists[row.list - 1];
      if (list) listRows.set(list.key, { addedAt: row.added_at, holder: row.holder, isRetried: row.is_retried });
      const cap = row.cap === null ? undefined : caps[row.cap - 1];
      if (cap) counters.set(cap.key, { count: row.count, held: row.held, generation: row.generation });
    }
    return requests.map(({ run, lists: values, caps: places }) => ({
      kind: 'seen',
      lists: values.map((list) =>
        judgeListValue(listRows.get(buildListKey(run, list).key), { leadId: run.runId, cutoff: list.cutoff }),
      ),
      caps: places.map((cap) => {
        const { key } = buildCapKey(run, cap);
        room.note(key, counters.get(key), cap);
        return buildCapSeen(cap, judgeCap(counters.get(key), cap));
      }),
    }));
  };
}

interface LookRow {
  list: number | null;
  cap: number | null;
  added_at: number | null;
  holder: string | null;
  is_retried: boolean;
  count: number;
  held: number;
  generation: number;
}
