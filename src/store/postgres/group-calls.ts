import { unitsOf } from '../../caps/cap-units.ts';
import {
  countUsed,
  type NewRetry,
  type NewUnknown,
  type RunKey,
  type SettleRequest,
} from '../../pipeline/run-store.ts';
import { type CapHold, writeHolds } from '../../stored/holds.ts';
import {
  booleanArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  jsonArray,
  textArray,
  timestampArray,
} from './binary-array.ts';
import * as claimSql from './claim-statements.ts';
import {
  type ClaimItem,
  type CommitItem,
  type Going,
  isClaim,
  isEnd,
  isOfLead,
  listAsked,
  runsOf,
  type SettleItem,
  staysHeld,
} from './commit-item.ts';
import { buildDigestCall, type DigestsFrom } from './digest-calls.ts';
import {
  buildCapKey,
  buildListKey,
  buildWindow,
  type CapKey,
  capColumns,
  type ListKey,
  listColumns,
  type OpenableWindow,
  uniqueKeys,
} from './place-keys.ts';
import type { PreparedCall } from './session.ts';
import * as sql from './settle-statements.ts';

/*
 * The statements that write one group. Run rows first, then list items, then caps; what others cannot wait for (leads,
 * events, follow-ups) stands between them and the counters, so that hot rows are locked as late as can be.
 */

/**
 * `isRead`: the runs were locked and read before, so an intent in doubt may be there already. `decidedLists`: keys that
 * were taken before, because the claims of the group were decided in this process; null: the statements decide.
 */
export function buildGroupCalls(
  going: readonly Going[],
  known: {
    nodeId: string;
    isRead: boolean;
    knownWindows: ReadonlySet<string>;
    decidedLists: readonly ListKey[] | null;
    hasChannels: HasChannels;
    digestsFrom: DigestsFrom;
  },
): PreparedCall[] {
  const claims = going.filter(isClaim);
  const ends = going.filter(isEnd);
  return [
    ...runCalls(claims, ends, known),
    ...rowCalls(ends.map(withTaken), known),
    ...listCalls(claims, ends, known.decidedLists),
    ...openWindowCalls(listWindows(going), known.knownWindows),
    ...capCalls(going),
  ];
}

/** Are events of the lead's flow copied anywhere, as far as this process knows? */
export type HasChannels = (run: Pick<RunKey, 'accountId' | 'flowId'>) => boolean;

interface RowKnown {
  nodeId: string;
  hasChannels: HasChannels;
  digestsFrom: DigestsFrom;
}

/** Holding also what it takes with its end. */
function withTaken({ item: { request }, took }: Going<SettleItem>): SettleRequest {
  if (took.caps.length + took.lists.length === 0) return request;
  const { held } = request;
  return { ...request, held: { caps: [...held.caps, ...took.caps], lists: [...held.lists, ...took.lists] } };
}

function runCalls(
  claims: readonly Going<ClaimItem>[],
  ends: readonly Going<SettleItem>[],
  { nodeId, isRead }: { nodeId: string; isRead: boolean },
): PreparedCall[] {
  const calls: PreparedCall[] = [];
  const first = claims.filter(({ item }) => !item.request.hasRun);
  if (first.length > 0) calls.push({ statement: claimSql.insertRuns, values: [nodeId, ...runColumns(runsOf(first))] });
  const further = claims.filter(({ item }) => item.request.hasRun);
  const owned = uniqueRuns([...runsOf(further), ...listGuards([...claims, ...ends].map(({ item }) => item))]);
  if (owned.length > 0) {
    calls.push({ statement: claimSql.lockClaimingRuns, values: [nodeId, ...keyColumns(owned), owned.length] });
  }
  if (claims.length > 0) {
    calls.push({
      statement: isRead ? claimSql.rewriteIntents : claimSql.insertIntents,
      values: [
        ...keyColumns(runsOf(claims)),
        int2Array(claims.map(({ item }) => item.request.seq)),
        jsonArray(claims.map(({ item }) => item.request.state)),
        jsonArray(claims.map(writeTaken)),
      ],
    });
  }
  calls.push(...batchRowCalls(claims));
  const ending = ends.filter(({ item }) => item.request.hasRun);
  if (ending.length > 0) {
    const intents = ending.reduce((sum, { item }) => sum + item.request.intentCount, 0);
    calls.push({
      statement: sql.endRuns,
      values: [nodeId, ...keyColumns(runsOf(ending)), ending.length, intents],
    });
  }
  return calls;
}

/** The runs that must be ours for leads that begin inside them. */
export function listGuards(items: readonly CommitItem[]): RunKey[] {
  return items.flatMap(({ request }) => request.guard ?? []);
}

function uniqueRuns(runs: readonly RunKey[]): RunKey[] {
  return runs.length < 2 ? [...runs] : [...new Map(runs.map((run) => [run.runId, run])).values()];
}

function batchRowCalls(claims: readonly Going<ClaimItem>[]): PreparedCall[] {
  const rows = claims.flatMap(({ item: { request, sealedRow } }) =>
    request.row && sealedRow ? [{ run: request.run, row: request.row, sealedRow }] : [],
  );
  if (rows.length === 0) return [];
  const [accounts, runs] = keyColumns(rows.map(({ run }) => run));
  return [
    {
      statement: claimSql.insertBatchRows,
      values: [
        accounts,
        textArray(rows.map(({ row }) => row.batchId)),
        textArray(rows.map(({ row }) => row.eventId)),
        textArray(rows.map(({ row }) => row.leadId)),
        runs,
        byteaArray(rows.map((each) => each.sealedRow)),
        timestampArray(rows.map(({ row }) => row.createdAt)),
      ],
    },
  ];
}

/** What the intent's row says that it holds; null: nothing. */
function writeTaken({ took, rewritten }: Going<ClaimItem>): string | null {
  const caps = [...(rewritten?.caps ?? []), ...took.caps];
  const lists = [...(rewritten?.lists ?? []), ...took.lists];
  return caps.length + lists.length === 0 ? null : writeHolds({ caps, lists });
}

function runColumns(runs: readonly RunKey[]): Buffer[] {
  return [
    ...keyColumns(runs),
    textArray(runs.map((run) => run.flowId)),
    textArray(runs.map((run) => run.sourceId)),
    int4Array(runs.map((run) => run.revision)),
    timestampArray(runs.map((run) => run.submittedAt)),
    textArray(runs.map((run) => run.retryId ?? null)),
  ];
}

function rowCalls(settles: readonly SettleRequest[], known: RowKnown): PreparedCall[] {
  if (settles.length === 0) return [];
  const digests = buildDigestCall(settles, known.digestsFrom());
  const pings = settles.filter(({ ping }) => ping !== undefined);
  if (pings.length === 0) return [...leadCalls(settles, known), digests];
  const leads = settles.filter(({ ping }) => ping === undefined);
  return [...leadCalls(leads, known), pingCall(pings, known.nodeId), digests];
}

function pingCall(settles: readonly SettleRequest[], nodeId: string): PreparedCall {
  const pings = settles.flatMap(({ ping }) => ping ?? []);
  return {
    statement: sql.insertPings,
    values: [
      ...endColumns(settles, nodeId),
      timestampArray(pings.map(({ expiresAt }) => expiresAt)),
      jsonArray(pings.map(({ facts }) => facts)),
    ],
  };
}

/** What rows of leads and of pings begin with. */
function endColumns(settles: readonly SettleRequest[], nodeId: string): unknown[] {
  const runs = settles.map((settle) => settle.run);
  return [
    nodeId,
    ...keyColumns(runs),
    textArray(runs.map((run) => run.flowId)),
    textArray(runs.map((run) => run.sourceId)),
    int4Array(runs.map((run) => run.revision)),
    textArray(settles.map((settle) => settle.outcome)),
    textArray(settles.map((settle) => settle.reason)),
    int8Array(settles.map((settle) => settle.price)),
    timestampArray(runs.map((run) => run.submittedAt)),
  ];
}

function leadCalls(settles: readonly SettleRequest[], { nodeId, hasChannels }: RowKnown): PreparedCall[] {
  if (settles.length === 0) return [];
  const leadCall: PreparedCall = { statement: sql.insertLeads, values: endColumns(settles, nodeId) };
  const [accounts, leads] = keyColumns(settles.map((settle) => settle.run));
  const documents = jsonArray(settles.map((settle) => settle.document));
  return [
    leadCall,
    { statement: sql.insertLeadData, values: [accounts, leads, documents] },
    ...searchCalls(settles),
    eventCall(settles),
    ...outboxCalls(settles.filter(({ run }) => hasChannels(run))),
    ...buildFollowUpCalls(settles),
  ];
}

function searchCalls(settles: readonly SettleRequest[]): PreparedCall[] {
  const found = settles.filter(({ words }) => words);
  if (found.length === 0) return [];
  const texts = textArray(found.map(({ words = '' }) => words));
  return [{ statement: sql.insertLeadSearch, values: [...keyColumns(found.map(({ run }) => run)), texts] }];
}

function eventCall(settles: readonly SettleRequest[]): PreparedCall {
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

function outboxCalls(settles: readonly SettleRequest[]): PreparedCall[] {
  if (settles.length === 0) return [];
  const values = [
    ...keyColumns(settles.map(({ run }) => run)),
    textArray(settles.map(({ run }) => run.flowId)),
    int2Array(settles.map(({ events }) => Math.max(0, ...events.map(({ seq }) => seq)))),
    timestampArray(settles.map(({ run }) => run.submittedAt)),
  ];
  return [{ statement: sql.insertOutbox, values }];
}

/** What goes on after the lead's end: deliveries to try again, deliveries to ask somebody about. Most leads have none. */
function buildFollowUpCalls(settles: readonly SettleRequest[]): PreparedCall[] {
  const retries = settles.flatMap(({ run, retries: all = [] }) => all.map((retry) => ({ run, retry })));
  const unknowns = settles.flatMap(({ run, unknowns: all = [] }) => all.map((unknown) => ({ run, unknown })));
  const calls: PreparedCall[] = [];
  if (retries.length > 0) calls.push(retryCall(retries));
  if (unknowns.length > 0) calls.push(unknownCall(unknowns));
  const waiting = settles.filter(({ waits, held }) => waits && (held.lists.length > 0 || held.caps.some(isOfLead)));
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
      timestampArray(retries.map(({ retry }) => retry.createdAt)),
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
      textArray(unknowns.map(({ unknown }) => unknown.innerLead?.accountId ?? null)),
      textArray(unknowns.map(({ unknown }) => unknown.innerLead?.leadId ?? null)),
    ],
  };
}

function leadHoldCall(settles: readonly SettleRequest[]): PreparedCall {
  return {
    statement: sql.insertLeadHolds,
    values: [
      ...keyColumns(settles.map(({ run }) => run)),
      textArray(settles.map(({ waits }) => waits ?? null)),
      jsonArray(settles.map(({ held }) => writeHolds({ caps: held.caps.filter(isOfLead), lists: held.lists }))),
    ],
  };
}

interface SettledValue extends ListKey {
  leadId: string;
  isKept: boolean;
  submittedAt: number;
}

/**
 * Ends give back or keep, then claims hold. Every key is taken in one ordered pass before, where a group has claims; one of
 * ends alone has its pass in the statement that settles. `decided`: the keys of the group are taken already, and claims
 * that were not granted have left rows.
 */
function listCalls(
  claims: readonly Going[],
  ends: readonly Going<SettleItem>[],
  decided: readonly ListKey[] | null,
): PreparedCall[] {
  const calls: PreparedCall[] = [];
  const settled = ends.flatMap(({ item }) => settledValues(item.request, item.request.held.lists));
  const asked = chooseValues([...claims, ...ends].flatMap(({ item }) => listValuesAsked(item)));
  const held = asked.filter(({ isHeld }) => isHeld);
  if (decided === null && held.length > 0) calls.push(takeCall([...settled.map(lockOnly), ...held]));
  if (settled.length > 0) calls.push(settleCall(settled));
  // A value that another lead of the group has just given back has no row any more.
  if (decided !== null && settled.length > 0 && held.length > 0) calls.push(takeCall(held.map(withoutHolder)));
  if (asked.length > 0) {
    calls.push({
      statement: claimSql.holdListItems,
      values: [
        ...listColumns(asked),
        textArray(asked.map(({ leadId }) => leadId)),
        booleanArray(asked.map(({ isHeld }) => isHeld)),
        timestampArray(asked.map(({ cutoff }) => cutoff)),
      ],
    });
  }
  // A lead that ends with its claim holds its values for a moment, and settles them like all others.
  const atOnce = ends.flatMap(({ item, took }) => settledValues(item.request, took.lists));
  if (atOnce.length > 0) calls.push(settleCall(atOnce));
  if (decided !== null && decided.length > 0) {
    calls.push({ statement: claimSql.dropListItems, values: listColumns(decided) });
  }
  return calls;
}

export interface TakenValue extends ListKey {
  /** Empty: a row is made that no lead holds, for now. null: none is made. */
  leadId: string | null;
}

export function withoutHolder(value: ListKey): TakenValue {
  return { ...value, leadId: '' };
}

export function lockOnly(value: ListKey): TakenValue {
  return { ...value, leadId: null };
}

export function takeCall(values: readonly TakenValue[]): PreparedCall {
  // A value that one lead gives back and another asks for gets a row.
  const each = uniqueKeys(values.toSorted((a, b) => Number(a.leadId !== null) - Number(b.leadId !== null)));
  return {
    statement: claimSql.takeListItems,
    values: [...listColumns(each), textArray(each.map(({ leadId }) => leadId))],
  };
}

interface AskedValue extends ListKey {
  leadId: string;
  /** Else it is only checked. */
  isHeld: boolean;
  cutoff: number | null;
}

function listValuesAsked(item: CommitItem): AskedValue[] {
  const { run } = item.request;
  return listAsked(item).lists.map((list) => ({
    ...buildListKey(run, list),
    leadId: run.runId,
    isHeld: list.hold,
    cutoff: list.cutoff,
  }));
}

/** Each value once, and held if one of them holds it: a group with several was decided under its locks. */
function chooseValues(asked: readonly AskedValue[]): AskedValue[] {
  return uniqueKeys(asked.toSorted((a, b) => Number(a.isHeld) - Number(b.isHeld)));
}

function settledValues(settle: SettleRequest, lists: SettleRequest['held']['lists']): SettledValue[] {
  if (staysHeld(settle)) return [];
  const { run, used } = settle;
  return lists.map((list) => ({
    ...buildListKey(run, list),
    leadId: run.runId,
    isKept: used.lead,
    submittedAt: run.submittedAt,
  }));
}

function settleCall(values: readonly SettledValue[]): PreparedCall {
  return {
    statement: sql.settleListItems,
    values: [
      ...listColumns(values),
      textArray(values.map(({ leadId }) => leadId)),
      timestampArray(values.map(({ isKept, submittedAt }) => (isKept ? submittedAt : null))),
    ],
  };
}

/** Every window that must have a row: those of places that are taken, and of caps that refused. */
export function listWindows(going: readonly Going[]): OpenableWindow[] {
  return uniqueKeys(
    going.flatMap(({ item }) => {
      const refusals = item.kind === 'settle' ? (item.request.refusals ?? []) : [];
      return [...listAsked(item).caps, ...refusals].map((cap) => buildWindow(item.request.run, cap));
    }),
  );
}

export function openWindowCalls(windows: readonly OpenableWindow[], known: ReadonlySet<string>): PreparedCall[] {
  const unknown = windows.filter(({ key }) => !known.has(key));
  if (unknown.length === 0) return [];
  return [
    {
      statement: claimSql.openCapWindows,
      values: [
        ...capColumns(unknown),
        timestampArray(unknown.map(({ endsAt }) => endsAt)),
        textArray(unknown.map(({ flowId }) => flowId)),
        int4Array(unknown.map(({ generation }) => generation)),
        timestampArray(unknown.map(({ openedAt }) => openedAt)),
      ],
    },
  ];
}

function capCalls(going: readonly Going[]): PreparedCall[] {
  const changes = foldCaps(going);
  if (changes.length === 0) return [];
  const column = (pick: (change: WindowChange) => number) => int8Array(changes.map(pick));
  return [
    {
      statement: claimSql.changeCapWindows,
      values: [
        ...capColumns(changes),
        int4Array(changes.map(({ generation }) => generation)),
        column(({ used }) => used),
        column(({ held }) => held),
        int4Array(changes.map(({ refused }) => refused)),
        column(({ maximum }) => maximum ?? NO_MAXIMUM),
        changes.filter(({ maximum }) => maximum !== null).length,
      ],
    },
  ];
}

/** No place is taken in the window, so nothing is checked. */
const NO_MAXIMUM = -1;

/** Used, held and maximum in the unit of the counter. */
interface WindowChange extends CapKey {
  generation: number;
  used: number;
  held: number;
  refused: number;
  /** The lowest of those whose leads take a place; null: none does. */
  maximum: number | null;
}

/** The same counter once, however many leads of the group change it: one statement may not touch a row twice. */
function foldCaps(going: readonly Going[]): WindowChange[] {
  const windows = new Map<string, WindowChange>();
  for (const each of going) {
    if (isEnd(each)) foldEnd(windows, each);
    foldTaken(windows, each);
  }
  return [...windows.values()];
}

function foldEnd(windows: Map<string, WindowChange>, { item: { request }, lostCaps }: Going<SettleItem>): void {
  const { run, held, used, refusals = [] } = request;
  for (const hold of held.caps) {
    if (staysHeld(request) && isOfLead(hold)) continue;
    const change = changeOf(windows, { run, hold });
    change.held -= unitsOf(hold);
    change.used += countUsed(used, hold);
  }
  for (const hold of lostCaps) changeOf(windows, { run, hold }).used += countUsed(used, hold);
  for (const cap of refusals) changeOf(windows, { run, hold: cap }).refused += 1;
}

/** What a lead that ends takes is used at once, unless a delivery of it is tried again. */
function foldTaken(windows: Map<string, WindowChange>, { item, took }: Going): void {
  const { run } = item.request;
  const isUsedAtOnce = item.kind === 'settle' && !staysHeld(item.request);
  const maxima = new Map(listAsked(item).caps.map((cap) => [cap.capId, cap.maximum]));
  for (const hold of took.caps) {
    const change = changeOf(windows, { run, hold });
    if (isUsedAtOnce) change.used += unitsOf(hold);
    else change.held += unitsOf(hold);
    change.maximum = Math.min(change.maximum ?? Number.MAX_SAFE_INTEGER, maxima.get(hold.capId) ?? 0);
  }
}

function changeOf(
  windows: Map<string, WindowChange>,
  { run, hold }: { run: RunKey; hold: Pick<CapHold, 'capId' | 'startsAt' | 'generation' | 'amount'> },
): WindowChange {
  const window = buildCapKey(run, hold);
  const name = `${window.key} ${hold.generation}`;
  const known = windows.get(name);
  if (known) return known;
  const change = { ...window, generation: hold.generation, used: 0, held: 0, refused: 0, maximum: null };
  windows.set(name, change);
  return change;
}

export function keyColumns(runs: readonly RunKey[]): [Buffer, Buffer] {
  return [textArray(runs.map((run) => run.accountId)), textArray(runs.map((run) => run.runId))];
}
