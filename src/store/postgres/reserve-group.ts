import type pg from 'pg';
import { type CapCounter, decideReservations } from '../../caps/decide-reservations.ts';
import { assert } from '../../lib/assert.ts';
import { decideHolds, type HoldVerdict, type ListRow } from '../../lists/decide-holds.ts';
import type { CapRequest, ListRequest, ListVerdict, ReserveRequest, ReserveResult } from '../../pipeline/run-store.ts';
import type { CapHold } from '../../stored/holds.ts';
import { writeHolds } from '../../stored/holds.ts';
import type { CapRefusal } from '../../stored/lead-document.ts';
import { byteaArray, int4Array, jsonArray, textArray, timestampArray } from './binary-array.ts';
import * as sql from './reserve-statements.ts';
import {
  insertRunsCall,
  isNothing,
  lockOwnRunsCall,
  lostOf,
  type OwnRun,
  readOwnRuns,
  storedHolds,
} from './run-holds.ts';
import { FENCE_STATE, type PreparedCall, type Session, sqlState } from './session.ts';

/** Windows this node has seen a row of; beyond the bound it forgets them and asks again. */
const KNOWN_WINDOWS_MAX = 100_000;

/** Commits groups of reservations: lock, decide in the process, write. One instance per connection. */
export function createReserveGroup(options: {
  session: Session;
  nodeId: string;
}): (requests: readonly ReserveRequest[]) => Promise<ReserveResult[]> {
  const { session, nodeId } = options;
  const knownWindows = new Set<string>();

  return async function reserveGroup(requests) {
    if (requests.length === 0) {
      await session.connect();
      return [];
    }
    try {
      return await reserve(requests, false);
    } catch (error) {
      if (sqlState(error) !== FENCE_STATE) throw error;
      return reserve(requests, true);
    }
  };

  /**
   * In one go, unless the fence stopped that: then the run rows are locked and read first, and each reservation starts
   * from what its row holds.
   */
  async function reserve(requests: readonly ReserveRequest[], readsRuns: boolean): Promise<ReserveResult[]> {
    const lists = sortedKeys(requests.flatMap((request) => request.lists.map((list) => listKeyOf(request, list))));
    const caps = sortedKeys(requests.flatMap((request) => request.caps.map((cap) => capKeyOf(request, cap))));
    const isAsked = lists.length + caps.length > 0;
    const further = requests.filter((request) => request.hasRun).map((request) => request.run);
    const runCalls = readsRuns ? [lockOwnRunsCall(further, nodeId)] : [];
    const results = isAsked ? await session.begin([...runCalls, ...lockCalls(lists, caps, knownWindows)]) : [];
    const own = readsRuns ? readOwnRuns(results[0]?.rows ?? []) : null;
    const locked = readsRuns ? results.slice(1) : results;
    const { listRows, counters, missing } = readLocked(lists, caps, locked);
    if (missing) {
      // A window row was swept away since this node met it: open it again.
      knownWindows.clear();
      await session.rollback();
      return reserve(requests, readsRuns);
    }
    const standings = requests.map((request) => standingOf(request, own));
    const going = standings.filter((standing) => standing.kind === 'goes');
    const decided = decide(going, listRows, counters);
    const written = isAsked ? await session.finish(writeCalls(decided, { nodeId, lists, caps })) : [];
    remember(knownWindows, caps);
    const answers = answer(decided, lostHolds(decided, written));
    let next = 0;
    return standings.map((standing) => {
      if (standing.kind !== 'goes') return standing;
      const answered = answers[next++];
      assert(answered, 'every reservation that goes on is answered');
      return answered;
    });
  }
}

/** A reservation that starts from what its run row holds, or why it may not go on. */
type Standing = Going | Exclude<ReserveResult, { kind: 'reserved' }>;

interface Going {
  kind: 'goes';
  request: ReserveRequest;
  /** What its run row must still hold when it is written; null: nothing. */
  stored: string | null;
}

/** `own` null: the run rows were not asked, so they hold what their process knows of or the fence stops the group. */
function standingOf(request: ReserveRequest, own: ReadonlyMap<string, OwnRun> | null): Standing {
  if (!own || !request.hasRun) return { kind: 'goes', request, stored: storedHolds(request.held) };
  const run = own.get(request.run.runId);
  if (!run) return { kind: 'unavailable', reason: 'another node has taken this lead over' };
  if (!isNothing(lostOf(request.held, run.held))) return { kind: 'lost', held: run.held };
  return { kind: 'goes', request: { ...request, held: run.held }, stored: run.stored };
}

interface ListKey {
  key: string;
  accountId: string;
  listId: string;
  value: Buffer;
}

interface CapKey {
  key: string;
  accountId: string;
  flowId: string;
  cap: CapRequest;
}

function listKeyOf(request: ReserveRequest, list: ListRequest): ListKey {
  const { accountId } = request.run;
  return {
    key: `${accountId} ${list.listId} ${list.value.toString('hex')}`,
    accountId,
    listId: list.listId,
    value: list.value,
  };
}

function capKeyOf(request: ReserveRequest, cap: CapRequest): CapKey {
  const { accountId, flowId } = request.run;
  return { key: `${accountId} ${cap.capId} ${cap.startsAt}`, accountId, flowId, cap };
}

/** Each key once, in the order rows are locked everywhere. */
function sortedKeys<Key extends { key: string }>(keys: Key[]): Key[] {
  const byKey = new Map(keys.map((key) => [key.key, key]));
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function lockCalls(lists: ListKey[], caps: CapKey[], knownWindows: Set<string>): PreparedCall[] {
  const calls: PreparedCall[] = [];
  if (lists.length > 0) calls.push({ statement: sql.lockListItems, values: listKeyColumns(lists) });
  const unknown = caps.filter((cap) => !knownWindows.has(cap.key));
  if (unknown.length > 0) {
    calls.push({
      statement: sql.openCapWindows,
      values: [
        ...capKeyColumns(unknown),
        timestampArray(unknown.map(({ cap }) => cap.endsAt)),
        textArray(unknown.map(({ flowId }) => flowId)),
        int4Array(unknown.map(({ cap }) => cap.generation)),
      ],
    });
  }
  if (caps.length > 0) calls.push({ statement: sql.lockCapWindows, values: capKeyColumns(caps) });
  return calls;
}

function listKeyColumns(lists: readonly ListKey[]): Buffer[] {
  return [
    textArray(lists.map((list) => list.accountId)),
    textArray(lists.map((list) => list.listId)),
    byteaArray(lists.map((list) => list.value)),
  ];
}

function capKeyColumns(caps: readonly CapKey[]): Buffer[] {
  return [
    textArray(caps.map((cap) => cap.accountId)),
    textArray(caps.map(({ cap }) => cap.capId)),
    timestampArray(caps.map(({ cap }) => cap.startsAt)),
  ];
}

interface Locked {
  listRows: Map<string, ListRow>;
  counters: Map<string, CapCounter>;
  missing: boolean;
}

function readLocked(lists: ListKey[], caps: CapKey[], results: { rows: unknown[] }[]): Locked {
  const listRows = new Map<string, ListRow>();
  const counters = new Map<string, CapCounter>();
  // Rows are shaped by the statements in reserve-statements.ts; `ord` counts from 1.
  const listResults = lists.length > 0 ? (results[0]?.rows as ListResult[]) : [];
  for (const row of listResults) {
    const list = lists[row.ord - 1];
    if (list) listRows.set(list.key, { addedAt: row.added_at, holder: row.holder, isRetried: row.is_retried });
  }
  const capResults = caps.length > 0 ? (results.at(-1)?.rows as CapRow[]) : [];
  for (const row of capResults) {
    const cap = caps[row.ord - 1];
    const { count, held, failed_count: failedCount, generation } = row;
    if (cap) counters.set(cap.key, { count, held, failedCount, generation });
  }
  return { listRows, counters, missing: counters.size < caps.length };
}

interface ListResult {
  ord: number;
  added_at: number | null;
  holder: string | null;
  is_retried: boolean;
}

interface CapRow {
  ord: number;
  count: number;
  held: number;
  failed_count: number;
  generation: number;
}

interface Decided {
  outcomes: Outcome[];
  rows: Map<string, ListRow>;
  counters: Map<string, CapCounter>;
}

interface Outcome {
  request: ReserveRequest;
  stored: Going['stored'];
  lists: ListVerdict[];
  capRefusal: CapRefusal | null;
  held: ReserveRequest['held'];
  /** Does this reservation hold anything new? */
  isHolding: boolean;
}

function decide(going: readonly Going[], listRows: Map<string, ListRow>, counters: Map<string, CapCounter>): Decided {
  const requests = going.map(({ request }) => request);
  const holds = decideHolds(
    requests.flatMap((request) =>
      request.lists.map((list) => ({
        leadId: request.run.runId,
        key: listKeyOf(request, list).key,
        cutoff: list.cutoff,
        hold: list.hold,
      })),
    ),
    listRows,
  );
  const places = decideReservations(
    requests.map((request) => ({
      leadId: request.run.runId,
      caps: request.caps.map((cap) => ({
        key: capKeyOf(request, cap).key,
        maximum: cap.maximum,
        generation: cap.generation,
      })),
    })),
    counters,
  );
  let nextList = 0;
  const outcomes = going.map(({ request, stored }, index): Outcome => {
    const verdicts = holds.verdicts.slice(nextList, nextList + request.lists.length);
    nextList += request.lists.length;
    const heldLists = request.lists.filter((list, at) => list.hold && verdicts[at]?.kind === 'unique');
    const { capHolds, capRefusal } = placesOf(request, places.verdicts[index]);
    return {
      request,
      stored,
      lists: verdicts.map(listVerdict),
      capRefusal,
      held: {
        caps: [...request.held.caps, ...capHolds],
        lists: [...request.held.lists, ...heldLists.map(({ listId, value }) => ({ listId, value }))],
      },
      isHolding: capHolds.length + heldLists.length > 0,
    };
  });
  return { outcomes, rows: holds.rows, counters: places.counters };
}

function listVerdict(verdict: HoldVerdict): ListVerdict {
  if (verdict.kind === 'unique') return { found: false };
  if (verdict.because === 'added') return { found: true, because: 'added', addedAt: verdict.since };
  return { found: true, because: 'held', addedAt: null, by: verdict.by };
}

function placesOf(
  request: ReserveRequest,
  verdict: ReturnType<typeof decideReservations>['verdicts'][number] | undefined,
): { capHolds: CapHold[]; capRefusal: CapRefusal | null } {
  const byKey = new Map(request.caps.map((cap) => [capKeyOf(request, cap).key, cap]));
  if (!verdict) return { capHolds: [], capRefusal: null };
  if (!verdict.granted) {
    const { key, count, held, maximum } = verdict.full;
    return { capHolds: [], capRefusal: { capId: byKey.get(key)?.capId ?? '', count, held, maximum } };
  }
  const capHolds = verdict.places.flatMap(({ key, generation }) => {
    const cap = byKey.get(key);
    return cap ? [{ capId: cap.capId, startsAt: cap.startsAt, generation, stepId: cap.stepId }] : [];
  });
  return { capHolds, capRefusal: null };
}

function writeCalls(decided: Decided, known: { nodeId: string; lists: ListKey[]; caps: CapKey[] }): PreparedCall[] {
  const calls: PreparedCall[] = [];
  const holding = known.lists.filter((list) => decided.rows.has(list.key));
  if (holding.length > 0) {
    const rows = holding.map((list) => decided.rows.get(list.key));
    calls.push({
      statement: sql.holdListItems,
      values: [
        ...listKeyColumns(holding),
        textArray(rows.map((row) => row?.holder ?? null)),
        timestampArray(rows.map((row) => row?.addedAt ?? null)),
      ],
    });
  }
  const counting = known.caps.filter((cap) => decided.counters.has(cap.key));
  if (counting.length > 0)
    calls.push({ statement: sql.writeCapWindows, values: counterColumns(counting, decided.counters) });
  const first = decided.outcomes.filter((outcome) => outcome.isHolding && !outcome.request.hasRun);
  if (first.length > 0)
    calls.push(
      insertRunsCall(
        first.map(({ request, held }) => ({ run: request.run, held: writeHolds(held) })),
        known.nodeId,
      ),
    );
  const further = decided.outcomes.filter((outcome) => outcome.isHolding && outcome.request.hasRun);
  if (further.length > 0) {
    calls.push({
      statement: sql.updateRunHolds,
      values: [
        known.nodeId,
        textArray(further.map(({ request }) => request.run.accountId)),
        textArray(further.map(({ request }) => request.run.runId)),
        textArray(further.map(({ stored }) => stored)),
        jsonArray(further.map(({ held }) => writeHolds(held))),
        further.length,
      ],
    });
  }
  return calls;
}

function counterColumns(caps: CapKey[], counters: Map<string, CapCounter>): Buffer[] {
  const column = (pick: (counter: CapCounter) => number) =>
    int4Array(
      caps.map((cap) => {
        const counter = counters.get(cap.key);
        return counter ? pick(counter) : 0;
      }),
    );
  return [
    ...capKeyColumns(caps),
    column((counter) => counter.count),
    column((counter) => counter.held),
    column((counter) => counter.failedCount),
    column((counter) => counter.generation),
  ];
}

/** Values another node took between our look and our write: `holder list value` of those we did get is subtracted. */
function lostHolds(decided: Decided, written: pg.QueryResult[]): Set<string> {
  const lost = new Set<string>();
  if (decided.rows.size === 0) return lost;
  // holdListItems is the first of the written statements when there is one.
  const rows: { list_id: string; value: string }[] = written[0]?.rows ?? [];
  const won = new Set(rows.map((row) => `${row.list_id} ${row.value}`));
  for (const outcome of decided.outcomes) {
    for (const { listId, value } of outcome.held.lists.slice(outcome.request.held.lists.length)) {
      const name = `${listId} ${value.toString('hex')}`;
      if (!won.has(name)) lost.add(`${outcome.request.run.runId} ${name}`);
    }
  }
  return lost;
}

function answer(decided: Decided, lost: Set<string>): ReserveResult[] {
  return decided.outcomes.map(({ request, lists, capRefusal, held, isHolding }) => ({
    kind: 'reserved',
    lists: lists.map((verdict, at) => {
      const list = request.lists[at];
      const isLost = list && lost.has(`${request.run.runId} ${list.listId} ${list.value.toString('hex')}`);
      return isLost ? { found: true, because: 'held', addedAt: null } : verdict;
    }),
    capRefusal,
    held,
    hasRun: request.hasRun || isHolding,
  }));
}

function remember(knownWindows: Set<string>, caps: CapKey[]): void {
  if (knownWindows.size + caps.length > KNOWN_WINDOWS_MAX) knownWindows.clear();
  for (const cap of caps) knownWindows.add(cap.key);
}
