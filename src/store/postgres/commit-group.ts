import type { CapCounter } from '../../caps/judge-cap.ts';
import type { ListRow } from '../../lists/judge-list-value.ts';
import { isPlaceUsed } from '../../pipeline/run-store.ts';
import type { Holds } from '../../stored/holds.ts';
import { decideClaims, type LockedRows } from '../decide-claims.ts';
import { int4Array } from './binary-array.ts';
import { buildCapSeen } from './cap-seen.ts';
import { CLAIM_STATEMENTS, lockCapWindows, readListItems, restartCapWindows } from './claim-statements.ts';
import {
  buildClaimInGroup,
  buildEndInGroup,
  type ClaimItem,
  type CommitAnswer,
  type CommitItem,
  type Going,
  isEnd,
  listAsked,
  type SettleItem,
  startItem,
} from './commit-item.ts';
import type { DigestsFrom } from './digest-calls.ts';
import {
  buildGroupCalls,
  type HasChannels,
  keyColumns,
  listGuards,
  listWindows,
  lockOnly,
  openWindowCalls,
  type TakenValue,
  takeCall,
  withoutHolder,
} from './group-calls.ts';
import { addHolds, lockOwnRunsCalls, lostOf, type OwnRun, readOwnRuns } from './own-runs.ts';
import {
  buildCapKey,
  buildListKey,
  type CapKey,
  capColumns,
  type ListKey,
  listColumns,
  type OpenableWindow,
  uniqueKeys,
} from './place-keys.ts';
import { CLAIM_STATE, FENCE_STATE, type PreparedCall, type Session, sqlState, UNIQUE_STATE } from './session.ts';
import { findSettled, SETTLE_STATEMENTS } from './settle-statements.ts';

/** Everything that a session of these groups prepares. */
export const COMMIT_STATEMENTS = [...CLAIM_STATEMENTS, ...SETTLE_STATEMENTS];

/** Windows this process has seen a row of; beyond the bound it forgets them and opens them again. */
const KNOWN_WINDOWS_MAX = 100_000;
/**
 * Times one group is sent: each time after the first under more locks, so a further one needs a row that appeared between
 * two statements of it. Past the bound its items are tried alone.
 */
const SENDINGS_MAX = 8;

/** What is known of a group before it is sent. */
interface Certainty {
  /** Lists and caps are locked and decided in this process; else the statements check them. */
  decides: boolean;
  /** The run rows are locked and read. */
  readsRuns: boolean;
}

/** Commits groups of claims and settlements in one transaction each. One instance per connection. */
export function createCommitGroup(options: {
  session: Session;
  nodeId: string;
  hasChannels: HasChannels;
  digestsFrom: DigestsFrom;
}): (items: readonly CommitItem[]) => Promise<CommitAnswer[]> {
  const { session, nodeId, hasChannels, digestsFrom } = options;
  const knownWindows = new Set<string>();

  /**
   * In one go if all that is asked for is to be had. Else the group goes again: with its rows locked and decided in the
   * order of arrival when a place is gone, and with its runs read when one of them is not as this process thinks.
   */
  return async function commitGroup(items) {
    if (items.length === 0) {
      await session.connect();
      return [];
    }
    let certainty: Certainty = { decides: isContended(items), readsRuns: false };
    for (let sendings = 1; ; sendings += 1) {
      try {
        return await send(items, certainty);
      } catch (error) {
        // A failed statement has ended the transaction already; a fault of ours has not.
        await session.rollback();
        const next = findCertainty(error, certainty);
        if (next === null || sendings >= SENDINGS_MAX) throw error;
        certainty = next;
        // A window may have been swept away since this process met it.
        knownWindows.clear();
      }
    }
  };

  async function send(items: readonly CommitItem[], { decides, readsRuns }: Certainty): Promise<CommitAnswer[]> {
    if (!decides && !readsRuns) {
      const going = items.map(startItem);
      await session.transact(
        buildGroupCalls(going, {
          nodeId,
          hasChannels,
          digestsFrom,
          isRead: false,
          knownWindows,
          decidedLists: null,
        }),
      );
      remember(knownWindows, listWindows(going));
      return going.map(buildAnswer);
    }
    const standings = readsRuns ? await readStandings(items) : items.map(startItem);
    const going = standings.filter((standing) => standing.kind === 'goes');
    const { decided, rows, lists } = await decide(going, { isBegun: readsRuns });
    const granted = decided.filter((each) => each.kind === 'goes');
    const calls = buildGroupCalls(granted, {
      nodeId,
      hasChannels,
      digestsFrom,
      isRead: readsRuns,
      knownWindows,
      decidedLists: lists,
    });
    await session.finish([...restartCalls(granted, rows), ...calls]);
    remember(knownWindows, listWindows(granted));
    let next = 0;
    return standings.map((standing) => {
      const each = standing.kind === 'goes' ? decided[next++] : standing;
      if (each === undefined) throw new Error('invariant broken: every item that goes on is decided');
      return each.kind === 'goes' ? buildAnswer(each) : each;
    });
  }

  /** Locks the run rows of the group and reads them and their intents: what they say decides. */
  async function readStandings(items: readonly CommitItem[]): Promise<Standing[]> {
    const runs = items.map(({ request }) => request.run);
    const [own, intents, settled] = await session.begin([
      ...lockOwnRunsCalls([...runs, ...listGuards(items)], nodeId),
      { statement: findSettled, values: keyColumns(runs) },
    ]);
    const found = {
      own: readOwnRuns(own?.rows ?? [], intents?.rows ?? []),
      settledBy: new Map(settled?.rows.map((row: { id: string; node_id: string }) => [row.id, row.node_id])),
      nodeId,
    };
    return items.map((item) => (item.kind === 'claim' ? claimOn(item, found) : settlementOn(item, found)));
  }

  /** Locks what the group asks for and gives back, and says which claims are granted. */
  async function decide(
    going: readonly Going[],
    { isBegun }: { isBegun: boolean },
  ): Promise<{ decided: Decided[]; rows: LockedRows; lists: ListKey[] }> {
    const lists = uniqueKeys(going.flatMap(({ item }) => listKeys(item)));
    // A value that is only checked is read, and neither made nor locked.
    const taken = going.flatMap(({ item }) => takenValues(item));
    const windows = listWindows(going);
    const caps = uniqueKeys<CapKey>([...windows, ...going.filter(isEnd).flatMap(({ item }) => heldWindows(item))]);
    const calls: PreparedCall[] = [];
    if (taken.length > 0) calls.push(takeCall(taken));
    if (lists.length > 0) calls.push({ statement: readListItems, values: listColumns(lists) });
    calls.push(...openWindowCalls(windows, knownWindows));
    if (caps.length > 0) calls.push({ statement: lockCapWindows, values: capColumns(caps) });
    const results = isBegun ? await session.proceed(calls) : await session.begin(calls);
    const rows = readLocked({ lists, caps }, results.slice(Number(taken.length > 0)));
    const asking = going.filter(({ item }) => hasAsked(item));
    const verdicts = decideClaims(rows, {
      ends: going.filter(isEnd).map(buildEndInGroup),
      claims: asking.map(({ item }) => buildClaimInGroup(item)),
    });
    const byItem = new Map(asking.map((each, index) => [each.item, verdicts[index]]));
    const decided = going.map((each): Decided => {
      const verdict = byItem.get(each.item);
      if (!verdict) return each;
      const { caps: asked } = listAsked(each.item);
      if (!verdict.granted) {
        const seen = asked.flatMap((cap, index) => {
          const found = verdict.caps[index];
          return found ? [buildCapSeen(cap, found)] : [];
        });
        return { kind: 'changed', lists: verdict.lists, caps: seen };
      }
      const generations = new Map(asked.map((cap, index) => [cap.capId, verdict.generations[index]]));
      return { ...each, took: withGenerations(each.took, generations) };
    });
    return { decided, rows, lists: uniqueKeys(taken) };
  }
}

type Decided = Going | Extract<CommitAnswer, { kind: 'changed' }>;

/** An item that goes on, or its answer. */
type Standing = Going | Exclude<CommitAnswer, { kind: 'committed' }>;

/** What the next sending has to know after this error; null: sending again helps nothing. */
function findCertainty(error: unknown, before: Certainty): Certainty | null {
  const state = sqlState(error);
  // A value or a lead that appeared meanwhile may be the reason as well, so both are looked at.
  if (state === FENCE_STATE || state === UNIQUE_STATE) return { decides: true, readsRuns: true };
  if (state === CLAIM_STATE) return { ...before, decides: true };
  return null;
}

/** Do two of the group ask for the same value, or does one ask for what another gives back? */
function isContended(items: readonly CommitItem[]): boolean {
  const values = new Set<string>();
  let count = 0;
  for (const item of items) {
    for (const { key } of listKeys(item)) {
      values.add(key);
      count += 1;
    }
  }
  return values.size < count;
}

function hasAsked(item: CommitItem): boolean {
  const { lists, caps } = listAsked(item);
  return lists.length + caps.length > 0;
}

function buildAnswer({ item, took, rewritten }: Going): CommitAnswer {
  if (item.kind === 'settle') return { kind: 'settled' };
  return { kind: 'committed', took: rewritten ? addHolds(rewritten, took) : took };
}

interface Found {
  own: ReadonlyMap<string, OwnRun>;
  settledBy: ReadonlyMap<string, string>;
  nodeId: string;
}

/** A claim on what its run row says. Places of an intent in doubt belong to the run: nothing was sent for it. */
function claimOn(item: ClaimItem, { own }: Found): Standing {
  const { run, hasRun, seq } = item.request;
  const row = own.get(run.runId);
  if (hasRun && !row) return { kind: 'unavailable', reason: 'another node has taken this lead over' };
  if (!hasRun && row) return { kind: 'unavailable', reason: 'this lead has claimed its places already' };
  if (isGuardLost(item, own)) return { kind: 'unavailable', reason: 'the delivery that this lead is has ended' };
  return { ...startItem(item), rewritten: row?.intents.get(seq) ?? null };
}

/**
 * Settles what the run and its intents hold. A used place that is not among them (the database forgot what it had
 * flushed: a standby took over that was behind) counts all the same, because a claim is committed before anything is sent.
 */
function settlementOn(item: SettleItem, { own, settledBy, nodeId }: Found): Standing {
  const { request } = item;
  const { runId } = request.run;
  const settler = settledBy.get(runId);
  // Ours already when the first sending was committed and only its answer was lost.
  if (settler !== undefined) return { kind: settler === nodeId ? 'settled' : 'fenced' };
  if (isGuardLost(item, own)) return { kind: 'fenced' };
  if (!request.hasRun) return startItem(item);
  const row = own.get(runId);
  if (!row) return { kind: 'fenced' };
  const lostCaps = lostOf(request.held, row.held).caps.filter((hold) => isPlaceUsed(request.used, hold));
  const found = { ...request, held: row.held, intentCount: row.intents.size };
  return { ...startItem({ kind: 'settle', request: found }), lostCaps };
}

/** Has the run ended, or been taken over, that an inner lead must begin in? */
function isGuardLost({ request }: CommitItem, own: Found['own']): boolean {
  return request.guard !== undefined && !own.has(request.guard.runId);
}

function listKeys(item: CommitItem): ListKey[] {
  const { run } = item.request;
  const held = item.kind === 'settle' ? item.request.held.lists : [];
  return [...listAsked(item).lists, ...held].map((list) => buildListKey(run, list));
}

function takenValues(item: CommitItem): TakenValue[] {
  const { run } = item.request;
  const held = item.kind === 'settle' ? item.request.held.lists : [];
  return [
    ...listAsked(item)
      .lists.filter(({ hold }) => hold)
      .map((list) => withoutHolder(buildListKey(run, list))),
    ...held.map((list) => lockOnly(buildListKey(run, list))),
  ];
}

function heldWindows({ request }: SettleItem): CapKey[] {
  return request.held.caps.map((hold) => buildCapKey(request.run, hold));
}

function readLocked(
  { lists, caps }: { lists: readonly ListKey[]; caps: readonly CapKey[] },
  results: readonly { rows: unknown[] }[],
): LockedRows {
  const listRows = new Map<string, ListRow>();
  const counters = new Map<string, CapCounter>();
  // Shaped by the statements; `ord` counts from 1.
  const listResults = lists.length > 0 ? (results[0]?.rows as LockedList[]) : [];
  for (const row of listResults) {
    const list = lists[row.ord - 1];
    if (list) listRows.set(list.key, { addedAt: row.added_at, holder: row.holder, isRetried: row.is_retried });
  }
  const capResults = caps.length > 0 ? (results.at(-1)?.rows as LockedCap[]) : [];
  for (const { ord, count, held, generation, own_maximum: ownMaximum } of capResults) {
    const cap = caps[ord - 1];
    if (cap) counters.set(cap.key, { count, held, generation, ownMaximum });
  }
  return { lists: listRows, caps: counters };
}

interface LockedList {
  ord: number;
  added_at: number | null;
  holder: string | null;
  is_retried: boolean;
}

interface LockedCap {
  ord: number;
  count: number;
  held: number;
  generation: number;
  own_maximum: number | null;
}

/** A place is settled in the generation it was taken in. */
function withGenerations({ caps, lists }: Holds, generations: ReadonlyMap<string, number | undefined>): Holds {
  return {
    lists,
    caps: caps.map((hold) => ({ ...hold, generation: generations.get(hold.capId) ?? hold.generation })),
  };
}

/** Counters of an older generation start again before a place is taken in them. */
function restartCalls(granted: readonly Going[], rows: LockedRows): PreparedCall[] {
  const places = granted
    .flatMap(({ item, took }) =>
      took.caps.map((hold) => ({ ...buildCapKey(item.request.run, hold), generation: hold.generation })),
    )
    .filter(({ key, generation }) => (rows.caps.get(key)?.generation ?? generation) < generation);
  if (places.length === 0) return [];
  const newest = uniqueKeys(places.toSorted((a, b) => a.generation - b.generation));
  const generations = int4Array(newest.map(({ generation }) => generation));
  return [{ statement: restartCapWindows, values: [...capColumns(newest), generations] }];
}

function remember(knownWindows: Set<string>, windows: readonly OpenableWindow[]): void {
  if (knownWindows.size + windows.length > KNOWN_WINDOWS_MAX) knownWindows.clear();
  for (const { key } of windows) knownWindows.add(key);
}
