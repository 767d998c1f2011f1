import type {
  IntendRequest,
  IntendResult,
  NewRetry,
  NewUnknown,
  RunKey,
  SettleRequest,
  SettleResult,
} from '../store.ts';
import { byteaArray, int2Array, int4Array, int8Array, jsonArray, textArray, timestampArray } from './binary-array.ts';
import { holdsFromJson, holdsToJson } from './holds-json.ts';
import type { PreparedCall, Session } from './session.ts';
import { FENCE_STATE, sqlState } from './session.ts';
import * as sql from './settle-statements.ts';

export type CommitItem = { kind: 'intend'; request: IntendRequest } | { kind: 'settle'; request: SettleRequest };

export type CommitAnswer = IntendResult | SettleResult;

/** Guarantees that tests may switch off, to show that the tests notice (settings, SLUICE_TEST_SWITCHES). */
export interface CommitSwitches {
  isFenceOff: boolean;
}

/** Commits groups of intents and settlements in one transaction each. One instance per connection. */
export function createCommitGroup(options: {
  session: Session;
  nodeId: string;
  switches: CommitSwitches;
}): (items: readonly CommitItem[], isResend: boolean) => Promise<CommitAnswer[]> {
  const { session, nodeId, switches } = options;

  async function commitGroup(items: readonly CommitItem[], isResend: boolean): Promise<CommitAnswer[]> {
    if (items.length === 0) {
      await session.connect();
      return [];
    }
    try {
      await write(items);
      return items.map((item) => (item.kind === 'intend' ? { kind: 'committed' } : { kind: 'settled' }));
    } catch (error) {
      if (sqlState(error) !== FENCE_STATE) throw error;
      return commitOwn(items, isResend);
    }
  }

  /**
   * All of it in one go, unless a reservation ended in doubt: then the run row is locked and asked first. One that still
   * waits to be executed finds its run ended, and its fence undoes it.
   */
  async function write(items: readonly CommitItem[]): Promise<void> {
    const inDoubt = items.filter((item) => item.kind === 'settle' && item.request.isHeldInDoubt);
    if (inDoubt.length === 0) {
      await session.transact(callsOf(items, { nodeId, switches }));
      return;
    }
    const keys = keyColumns(inDoubt.map((item) => item.request.run));
    const [locked] = await session.begin([{ statement: sql.lockRunHolds, values: [nodeId, ...keys] }]);
    const holds = new Map(locked?.rows.map((row: { lead_id: string; holds: unknown }) => [row.lead_id, row.holds]));
    await session.finish(callsOf(items.map(withStoredHolds), { nodeId, switches }));

    function withStoredHolds(item: CommitItem): CommitItem {
      if (item.kind === 'intend' || !item.request.isHeldInDoubt) return item;
      const stored = holds.get(item.request.run.leadId);
      return stored ? { kind: 'settle', request: { ...item.request, held: holdsFromJson(stored) } } : item;
    }
  }

  /** Some runs of the group are no longer ours: commit the others, and tell each of the rest what became of it. */
  async function commitOwn(items: readonly CommitItem[], isResend: boolean): Promise<CommitAnswer[]> {
    const keys = keyColumns(items.map((item) => item.request.run));
    const [own, settled] = await session.transact([
      { statement: sql.findOwnRuns, values: [nodeId, ...keys] },
      { statement: sql.findSettled, values: [nodeId, ...keys] },
    ]);
    const ownIds = new Set(own?.rows.map((row: { lead_id: string }) => row.lead_id));
    const settledIds = new Set(settled?.rows.map((row: { id: string }) => row.id));
    const isOurs = (item: CommitItem) => !item.request.hasRun || ownIds.has(item.request.run.leadId);
    const ours = items.filter(isOurs);
    if (ours.length === items.length) throw new Error('invariant broken: the fence stopped a group of our own runs');
    const answers = ours.length > 0 ? await commitGroup(ours, isResend) : [];
    let next = 0;
    return items.map((item): CommitAnswer => {
      const answer = isOurs(item) ? answers[next++] : undefined;
      if (answer) return answer;
      if (item.kind === 'intend') return { kind: 'unavailable', reason: 'another node has taken this lead over' };
      // Ours already when the first sending was committed and only its answer was lost.
      return settledIds.has(item.request.run.leadId) ? { kind: 'settled' } : { kind: 'fenced' };
    });
  }

  return commitGroup;
}

function callsOf(items: readonly CommitItem[], options: { nodeId: string; switches: CommitSwitches }): PreparedCall[] {
  const { nodeId } = options;
  const intents = items.flatMap((item) => (item.kind === 'intend' ? [item.request] : []));
  const settles = items.flatMap((item) => (item.kind === 'settle' ? [item.request] : []));
  return [
    ...intentCalls(intents, nodeId),
    ...endCalls(settles, options),
    ...rowCalls(settles, nodeId),
    ...afterlifeCalls(settles),
    ...holdCalls(settles),
  ];
}

function intentCalls(intents: IntendRequest[], nodeId: string): PreparedCall[] {
  const fresh = intents.filter((intent) => !intent.hasRun);
  const further = intents.filter((intent) => intent.hasRun);
  const calls: PreparedCall[] = [];
  if (fresh.length > 0) {
    const runs = fresh.map((intent) => intent.run);
    calls.push({
      statement: sql.insertIntents,
      values: [
        nodeId,
        ...keyColumns(runs),
        textArray(runs.map((run) => run.flowId)),
        textArray(runs.map((run) => run.sourceId)),
        int4Array(runs.map((run) => run.revision)),
        timestampArray(runs.map((run) => run.submittedAt)),
        textArray(runs.map((run) => run.retryId ?? null)),
        jsonArray(fresh.map((intent) => intent.state)),
      ],
    });
  }
  if (further.length > 0) {
    calls.push({
      statement: sql.updateIntents,
      values: [
        nodeId,
        ...keyColumns(further.map((intent) => intent.run)),
        jsonArray(further.map((intent) => intent.state)),
        further.length,
      ],
    });
  }
  return calls;
}

function endCalls(settles: SettleRequest[], options: { nodeId: string; switches: CommitSwitches }): PreparedCall[] {
  const runs = settles.filter((settle) => settle.hasRun).map((settle) => settle.run);
  if (runs.length === 0) return [];
  if (options.switches.isFenceOff) return [{ statement: sql.endRunsUnfenced, values: keyColumns(runs) }];
  return [{ statement: sql.endRuns, values: [options.nodeId, ...keyColumns(runs), runs.length] }];
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
function afterlifeCalls(settles: SettleRequest[]): PreparedCall[] {
  const retries = settles.flatMap(({ run, retries: all = [] }) => all.map((retry) => ({ run, retry })));
  const unknowns = settles.flatMap(({ run, unknowns: all = [] }) => all.map((unknown) => ({ run, unknown })));
  const calls: PreparedCall[] = [];
  if (retries.length > 0) calls.push(retryCall(retries));
  if (unknowns.length > 0) calls.push(unknownCall(unknowns));
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
      jsonArray(unknowns.map(({ unknown }) => holdsToJson(unknown.holds))),
      jsonArray(unknowns.map(({ unknown }) => (unknown.leadHolds ? holdsToJson(unknown.leadHolds) : null))),
      timestampArray(unknowns.map(({ unknown }) => unknown.happenedAt)),
    ],
  };
}

interface SettledValue {
  accountId: string;
  listId: string;
  value: Buffer;
  leadId: string;
  submittedAt: number;
}

function holdCalls(settles: SettleRequest[]): PreparedCall[] {
  const calls: PreparedCall[] = [];
  const kept = listValues(settles.filter((settle) => settle.keepsLists));
  if (kept.length > 0) {
    const addedAt = timestampArray(kept.map((value) => value.submittedAt));
    calls.push({ statement: sql.keepListItems, values: [...listColumns(kept), addedAt] });
  }
  const released = listValues(settles.filter((settle) => !settle.keepsLists));
  if (released.length > 0) calls.push({ statement: sql.releaseListItems, values: listColumns(released) });
  const windows = foldCaps(settles);
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
      leadId: run.leadId,
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
function foldCaps(settles: SettleRequest[]): SettledWindow[] {
  const windows = new Map<string, SettledWindow>();
  for (const settle of settles) {
    const { accountId } = settle.run;
    for (const hold of settle.held.caps) {
      const { capId, startsAt, generation } = hold;
      const key = `${accountId} ${capId} ${startsAt} ${generation}`;
      const window = windows.get(key) ?? { accountId, capId, startsAt, generation, kept: 0, settled: 0 };
      window.settled += 1;
      if (settle.keepsCap(hold)) window.kept += 1;
      windows.set(key, window);
    }
  }
  return [...windows.values()];
}

function keyColumns(runs: readonly RunKey[]): [Buffer, Buffer] {
  return [textArray(runs.map((run) => run.accountId)), textArray(runs.map((run) => run.leadId))];
}
