import {
  type IntendRequest,
  type IntendResult,
  isPlaceUsed,
  type NewRetry,
  type NewUnknown,
  type RunKey,
  type SettleRequest,
  type SettleResult,
} from '../../pipeline/run-store.ts';
import type { CapHold } from '../../stored/holds.ts';
import { writeHolds } from '../../stored/holds.ts';
import { byteaArray, int2Array, int4Array, int8Array, jsonArray, textArray, timestampArray } from './binary-array.ts';
import {
  insertRunsCall,
  isNothing,
  lockOwnRunsCall,
  lostOf,
  type OwnRun,
  readOwnRuns,
  storedHolds,
} from './run-holds.ts';
import type { PreparedCall, Session } from './session.ts';
import { FENCE_STATE, sqlState } from './session.ts';
import * as sql from './settle-statements.ts';

interface IntendItem {
  kind: 'intend';
  request: IntendRequest;
}

interface SettleItem {
  kind: 'settle';
  request: SettleRequest;
}

export type CommitItem = IntendItem | SettleItem;

export type CommitAnswer = IntendResult | SettleResult;

/** Commits groups of intents and settlements in one transaction each. One instance per connection. */
export function createCommitGroup(options: {
  session: Session;
  nodeId: string;
}): (items: readonly CommitItem[]) => Promise<CommitAnswer[]> {
  const { session, nodeId } = options;

  async function commitGroup(items: readonly CommitItem[]): Promise<CommitAnswer[]> {
    if (items.length === 0) {
      await session.connect();
      return [];
    }
    try {
      await session.transact(callsOf(items.map(asKnown), nodeId));
      return items.map(answerOf);
    } catch (error) {
      if (sqlState(error) !== FENCE_STATE) throw error;
      return commitChecked(items);
    }
  }

  /**
   * Some runs of the group are no longer ours, or hold something else than their process knows of: a reservation was
   * lost with the database, or was committed and only its answer was lost. Their rows are locked and read; what can
   * stand on them is committed, and each of the rest learns what became of it.
   */
  async function commitChecked(items: readonly CommitItem[]): Promise<CommitAnswer[]> {
    const runs = items.filter((item) => item.request.hasRun).map((item) => item.request.run);
    const [locked, settled] = await session.begin([
      lockOwnRunsCall(runs, nodeId),
      { statement: sql.findSettled, values: [nodeId, ...keyColumns(runs)] },
    ]);
    const own = readOwnRuns(locked?.rows ?? []);
    const settledIds = new Set(settled?.rows.map((row: { id: string }) => row.id));
    const standings = items.map((item) => standingOf(item, { own, settledIds }));
    const going = standings.filter((standing) => standing.kind === 'goes');
    await session.finish(callsOf(going, nodeId));
    return standings.map((standing) => (standing.kind === 'goes' ? answerOf(standing.item) : standing));
  }

  return commitGroup;
}

/** An item with what its run row holds, or the answer of one that may not be committed. */
type Standing = Going | Exclude<CommitAnswer, { kind: 'committed' }>;

interface Going<Item extends CommitItem = CommitItem> {
  kind: 'goes';
  item: Item;
  /** What the run row must hold, as it is stored; null: nothing. */
  stored: string | null;
  /** Places of a settlement that are used although the run row has lost them. */
  lostCaps: CapHold[];
}

function asKnown(item: CommitItem): Going {
  return { kind: 'goes', item, stored: storedHolds(item.request.held), lostCaps: [] };
}

function answerOf(item: CommitItem): CommitAnswer {
  return item.kind === 'intend' ? { kind: 'committed' } : { kind: 'settled' };
}

function standingOf(
  item: CommitItem,
  found: { own: ReadonlyMap<string, OwnRun>; settledIds: ReadonlySet<string> },
): Standing {
  if (!item.request.hasRun) return asKnown(item);
  const { runId } = item.request.run;
  const run = found.own.get(runId);
  if (run) return item.kind === 'intend' ? intentOn(item, run) : settlementOn(item, run);
  if (item.kind === 'intend') return { kind: 'unavailable', reason: 'another node has taken this lead over' };
  // Ours already when the first sending was committed and only its answer was lost.
  return found.settledIds.has(runId) ? { kind: 'settled' } : { kind: 'fenced' };
}

/** Nothing is sent without its place. A row that holds more has a reservation whose answer was lost. */
function intentOn(item: IntendItem, { held, stored }: OwnRun): Standing {
  if (!isNothing(lostOf(item.request.held, held))) return { kind: 'lost', held };
  return { kind: 'goes', item, stored, lostCaps: [] };
}

/**
 * Settles what the run row holds. A used place that is not in it: an intent makes places durable before anything is
 * sent, so a lead that was sent nowhere is not reported as a success, and one that was sent (the database forgot what it had
 * flushed: a standby took over that was behind) counts all the same.
 */
function settlementOn(item: SettleItem, { held, stored, hasSent }: OwnRun): Standing {
  const { request } = item;
  const lost = lostOf(request.held, held);
  const lostCaps = lost.caps.filter((hold) => isPlaceUsed(request.used, hold));
  const isUsed = lostCaps.length > 0 || (request.used.lead && lost.lists.length > 0);
  if (isUsed && !hasSent) return { kind: 'lost', held };
  return { kind: 'goes', item: { kind: 'settle', request: { ...request, held } }, stored, lostCaps };
}

function callsOf(items: readonly Going[], nodeId: string): PreparedCall[] {
  const intents = items.filter((each): each is Going<IntendItem> => each.item.kind === 'intend');
  const ends = items.filter((each): each is Going<SettleItem> => each.item.kind === 'settle');
  const settles = ends.map(({ item }) => item.request);
  return [
    ...intentCalls(intents, nodeId),
    ...endCalls(ends, nodeId),
    ...rowCalls(settles, nodeId),
    ...buildFollowUpCalls(settles),
    ...holdCalls(ends),
  ];
}

function intentCalls(intents: Going<IntendItem>[], nodeId: string): PreparedCall[] {
  if (intents.length === 0) return [];
  const fresh = intents.map(({ item }) => item.request).filter((intent) => !intent.hasRun);
  const further = intents.filter(({ item }) => item.request.hasRun);
  const calls: PreparedCall[] = [];
  if (fresh.length > 0) {
    calls.push(
      insertRunsCall(
        fresh.map(({ run }) => ({ run, held: null })),
        nodeId,
      ),
    );
  }
  if (further.length > 0) {
    const keys = keyColumns(further.map(({ item }) => item.request.run));
    const held = textArray(further.map(({ stored }) => stored));
    calls.push({ statement: sql.lockIntendedRuns, values: [nodeId, ...keys, held, further.length] });
  }
  const all = intents.map(({ item }) => item.request);
  calls.push({
    statement: sql.insertIntents,
    values: [
      ...keyColumns(all.map((intent) => intent.run)),
      int2Array(all.map((intent) => intent.seq)),
      jsonArray(all.map((intent) => intent.state)),
    ],
  });
  return calls;
}

function endCalls(ends: Going<SettleItem>[], nodeId: string): PreparedCall[] {
  const withRun = ends.filter(({ item }) => item.request.hasRun);
  const runs = withRun.map(({ item }) => item.request.run);
  if (runs.length === 0) return [];
  const held = textArray(withRun.map(({ stored }) => stored));
  return [{ statement: sql.endRuns, values: [nodeId, ...keyColumns(runs), held, runs.length] }];
}

function rowCalls(settles: SettleRequest[], nodeId: string): PreparedCall[] {
  if (settles.length === 0) return [];
  const runs = settles.map((settle) => settle.run);
  const [accounts, leads] = keyColumns(runs);
  const leadCall: PreparedCall = {
    statement: sql.insertLeads,
    values: [
      nodeId,
      accounts,
      leads,
      textArray(runs.map((run) => run.flowId)),
      textArray(runs.map((run) => run.sourceId)),
      int4Array(runs.map((run) => run.revision)),
      textArray(settles.map((settle) => settle.outcome)),
      textArray(settles.map((settle) => settle.reason)),
      int8Array(settles.map((settle) => settle.price)),
      timestampArray(runs.map((run) => run.submittedAt)),
    ],
  };
  const documents = jsonArray(settles.map((settle) => settle.document));
  return [leadCall, { statement: sql.insertLeadData, values: [accounts, leads, documents] }, eventCall(settles)];
}

function eventCall(settles: SettleRequest[]): PreparedCall {
  const events = settles.flatMap((settle) => settle.events.map((event) => ({ event, run: settle.run })));
  return {
    statement: sql.insertEvents,
    values: [
      ...keyColumns(events.map(({ run }) => run)),
      int2Array(events.map(({ event }) => event.seq)),
      textArray(events.map(({ event }) => event.id)),
      textArray(events.map(({ event }) => event.type)),
      textArray(events.map(({ event }) => event.outcome)),
      textArray(events.map(({ event }) => event.reason)),
      textArray(events.map(({ run }) => run.flowId)),
      textArray(events.map(({ run }) => run.sourceId)),
      textArray(events.map(({ event }) => event.stepId)),
      textArray(events.map(({ event }) => event.recipientId)),
      jsonArray(events.map(({ event }) => event.facts)),
    ],
  };
}

/** What goes on after the lead's end: deliveries to try again, deliveries to ask somebody about. Most leads have none. */
function buildFollowUpCalls(settles: SettleRequest[]): PreparedCall[] {
  const retries = settles.flatMap(({ run, retries: all = [] }) => all.map((retry) => ({ run, retry })));
  const unknowns = settles.flatMap(({ run, unknowns: all = [] }) => all.map((unknown) => ({ run, unknown })));
  const calls: PreparedCall[] = [];
  if (retries.length > 0) calls.push(retryCall(retries));
  if (unknowns.length > 0) calls.push(unknownCall(unknowns));
  const waiting = settles.filter((settle) => settle.waits && holdsOwn(settle));
  if (waiting.length > 0) calls.push(leadHoldCall(waiting));
  return calls;
}

function retryCall(retries: { run: RunKey; retry: NewRetry }[]): PreparedCall {
  return {
    statement: sql.insertRetries,
    values: [
      ...keyColumns(retries.map(({ run }) => run)),
      textArray(retries.map(({ retry }) => retry.id)),
      textArray(retries.map(({ retry }) => retry.eventId)),
      textArray(retries.map(({ run }) => run.flowId)),
      textArray(retries.map(({ run }) => run.sourceId)),
      textArray(retries.map(({ retry }) => retry.stepId)),
      textArray(retries.map(({ retry }) => retry.recipientId)),
      timestampArray(retries.map(({ retry }) => retry.nextAttemptAt)),
      textArray(retries.map(({ retry }) => retry.outcome)),
      textArray(retries.map(({ retry }) => retry.reason)),
    ],
  };
}

function unknownCall(unknowns: { run: RunKey; unknown: NewUnknown }[]): PreparedCall {
  return {
    statement: sql.insertUnknowns,
    values: [
      ...keyColumns(unknowns.map(({ run }) => run)),
      textArray(unknowns.map(({ unknown }) => unknown.eventId)),
      textArray(unknowns.map(({ run }) => run.flowId)),
      textArray(unknowns.map(({ run }) => run.sourceId)),
      textArray(unknowns.map(({ unknown }) => unknown.stepId)),
      textArray(unknowns.map(({ unknown }) => unknown.recipientId)),
      textArray(unknowns.map(({ unknown }) => unknown.reason)),
      jsonArray(unknowns.map(({ unknown }) => writeHolds(unknown.holds))),
      timestampArray(unknowns.map(({ unknown }) => unknown.happenedAt)),
    ],
  };
}

/** Does the lead itself hold anything? */
function holdsOwn({ held }: SettleRequest): boolean {
  return held.lists.length > 0 || held.caps.some(isOfLead);
}

function leadHoldCall(settles: SettleRequest[]): PreparedCall {
  return {
    statement: sql.insertLeadHolds,
    values: [
      ...keyColumns(settles.map(({ run }) => run)),
      textArray(settles.map(({ waits }) => waits ?? null)),
      jsonArray(settles.map(({ held }) => writeHolds({ caps: held.caps.filter(isOfLead), lists: held.lists }))),
    ],
  };
}

function isOfLead({ stepId }: CapHold): boolean {
  return stepId === null;
}

/** Are the lead's own places left as they are? */
function staysHeld({ waits }: SettleRequest): boolean {
  return waits === 'held';
}

interface SettledValue {
  accountId: string;
  listId: string;
  value: Buffer;
  leadId: string;
  submittedAt: number;
}

function holdCalls(ends: Going<SettleItem>[]): PreparedCall[] {
  const settles = ends.map(({ item }) => item.request);
  const calls: PreparedCall[] = [];
  const kept = listValues(settles.filter((settle) => settle.used.lead && !staysHeld(settle)));
  if (kept.length > 0) {
    const addedAt = timestampArray(kept.map((value) => value.submittedAt));
    calls.push({ statement: sql.keepListItems, values: [...listColumns(kept), addedAt] });
  }
  const released = listValues(settles.filter((settle) => !settle.used.lead && !staysHeld(settle)));
  if (released.length > 0) calls.push({ statement: sql.releaseListItems, values: listColumns(released) });
  const windows = foldCaps(ends);
  if (windows.length > 0) {
    calls.push({
      statement: sql.settleCapWindows,
      values: [
        textArray(windows.map((window) => window.accountId)),
        textArray(windows.map((window) => window.capId)),
        timestampArray(windows.map((window) => window.startsAt)),
        int4Array(windows.map((window) => window.generation)),
        int4Array(windows.map((window) => window.kept)),
        int4Array(windows.map((window) => window.settled)),
      ],
    });
  }
  return calls;
}

function listValues(settles: SettleRequest[]): SettledValue[] {
  return settles.flatMap(({ run, held }) =>
    held.lists.map(({ listId, value }) => ({
      accountId: run.accountId,
      listId,
      value,
      leadId: run.runId,
      submittedAt: run.submittedAt,
    })),
  );
}

function listColumns(values: SettledValue[]): Buffer[] {
  return [
    textArray(values.map((value) => value.accountId)),
    textArray(values.map((value) => value.listId)),
    byteaArray(values.map((value) => value.value)),
    textArray(values.map((value) => value.leadId)),
  ];
}

interface SettledWindow {
  accountId: string;
  capId: string;
  startsAt: number;
  generation: number;
  kept: number;
  settled: number;
}

/** The same counter once, however many leads settle on it: one statement may not touch a row twice. */
function foldCaps(ends: Going<SettleItem>[]): SettledWindow[] {
  const windows = new Map<string, SettledWindow>();
  for (const { item, lostCaps } of ends) {
    const { run, held, used } = item.request;
    for (const hold of held.caps) {
      if (staysHeld(item.request) && isOfLead(hold)) continue;
      const window = windowOf(windows, { accountId: run.accountId, hold });
      window.settled += 1;
      if (isPlaceUsed(used, hold)) window.kept += 1;
    }
    for (const hold of lostCaps) windowOf(windows, { accountId: run.accountId, hold }).kept += 1;
  }
  return [...windows.values()];
}

function windowOf(windows: Map<string, SettledWindow>, at: { accountId: string; hold: CapHold }): SettledWindow {
  const { capId, startsAt, generation } = at.hold;
  const key = `${at.accountId} ${capId} ${startsAt} ${generation}`;
  const known = windows.get(key);
  if (known) return known;
  const window = { accountId: at.accountId, capId, startsAt, generation, kept: 0, settled: 0 };
  windows.set(key, window);
  return window;
}

function keyColumns(runs: readonly RunKey[]): [Buffer, Buffer] {
  return [textArray(runs.map((run) => run.accountId)), textArray(runs.map((run) => run.runId))];
}
