import { type CapCounter, judgeCap } from '../../caps/judge-cap.ts';
import { judgeListValue, type ListRow } from '../../lists/judge-list-value.ts';
import type { Money } from '../../model/money.ts';
import type { LookRequest, LookResult, SeenPing } from '../../pipeline/run-store.ts';
import { parsePingFacts } from '../../stored/ping-facts.ts';
import type { RecentRoom } from '../recent-room.ts';
import { textArray } from './binary-array.ts';
import { buildCapSeen } from './cap-seen.ts';
import { lookAtPings, lookAtPlaces } from './claim-statements.ts';
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
    const named = requests.filter(({ pingId }) => pingId !== undefined);
    const calls = [{ statement: lookAtPlaces, values: [...listColumns(lists), ...capColumns(caps)] }];
    if (named.length > 0) calls.push({ statement: lookAtPings, values: pingColumns(named) });
    const [result, pingResult] = await session.ask(calls);
    const pings = readPings(named, (pingResult?.rows ?? []) as PingRow[]); // shaped by the statement
    const listRows = new Map<string, ListRow>();
    const counters = new Map<string, CapCounter>();
    // Shaped by the statement; ordinals count from 1.
    for (const row of (result?.rows ?? []) as LookRow[]) {
      const list = row.list === null ? undefined : lists[row.list - 1];
      if (list) listRows.set(list.key, { addedAt: row.added_at, holder: row.holder, isRetried: row.is_retried });
      const cap = row.cap === null ? undefined : caps[row.cap - 1];
      if (!cap) continue;
      const { count, held, generation, own_maximum: ownMaximum } = row;
      counters.set(cap.key, { count, held, generation, ownMaximum });
    }
    return requests.map(({ run, lists: values, caps: places, pingId }) => ({
      kind: 'seen',
      ...(pingId === undefined ? NO_PING : { ping: pings.get(`${run.accountId} ${pingId}`) ?? null }),
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

const NO_PING = {};

function pingColumns(named: readonly LookRequest[]): Buffer[] {
  return [textArray(named.map(({ run }) => run.accountId)), textArray(named.map(({ pingId }) => pingId ?? null))];
}

function readPings(named: readonly LookRequest[], rows: readonly PingRow[]): ReadonlyMap<string, SeenPing> {
  const pings = new Map<string, SeenPing>();
  for (const row of rows) {
    const request = named[row.ord - 1];
    if (request) pings.set(`${request.run.accountId} ${request.pingId}`, seenPing(row));
  }
  return pings;
}

function seenPing(row: PingRow): SeenPing {
  const { values = {}, distributions = [] } = parsePingFacts(row.facts);
  return {
    flowId: row.flow_id,
    sourceId: row.source_id,
    isAccepted: row.outcome === 'success',
    price: row.price as Money, // the column is in the unit of Money
    expiresAt: row.expires_at,
    values,
    distributions,
  };
}

interface PingRow {
  ord: number;
  flow_id: string;
  source_id: string;
  outcome: string;
  price: number;
  expires_at: number;
  facts: unknown;
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
  own_maximum: number | null;
}
