import type pg from 'pg';
import { assert } from '../../lib/assert.ts';
import type {
  ClaimRequest,
  ClaimResult,
  LookRequest,
  LookResult,
  NewBatchRow,
  RunStore,
  SettleRequest,
  SettleResult,
} from '../../pipeline/run-store.ts';
import { writeEventFacts } from '../../stored/event-facts.ts';
import type { EventRow } from '../../stored/intent-state.ts';
import { EMPTY_LEAD_DOCUMENT } from '../../stored/lead-document.ts';
import { EMPTY_PING_FACTS } from '../../stored/ping-facts.ts';
import { type Batcher, createBatcher } from '../batcher.ts';
import { createRecentRoom, type RecentRoom } from '../recent-room.ts';
import type { SecretBox } from '../secret-box.ts';
import { batchRowContext } from './batch-contexts.ts';
import { LOOK_STATEMENTS } from './claim-statements.ts';
import { COMMIT_STATEMENTS, createCommitGroup } from './commit-group.ts';
import type { CommitAnswer, CommitItem } from './commit-item.ts';
import type { DigestsFrom } from './digest-calls.ts';
import type { HasChannels } from './group-calls.ts';
import { lookAtOthers } from './look-at-others.ts';
import { createLookGroup } from './look-group.ts';
import { createSession, isTransient, type Session, sqlState } from './session.ts';

/** Bounds of the two queues. A group is kept short enough that its locks are, and long enough that commits are few. */
export const LOOK_GROUP_MAX = 512;
export const COMMIT_GROUP_MAX = 512;
export const GROUP_BYTES_MAX = 8 * 1024 * 1024;
export const QUEUE_ITEMS_MAX = 20_000;
/**
 * How long looks wait at most for a group that is being committed. Alone, a look wakes the database for one lead; while
 * a group is under way, more leads arrive that can look with it.
 */
const LOOK_WAIT_MS_MAX = 5;
/** Claims of which nothing was sent that are remembered; beyond the bound the oldest counts as one that may have been. */
const UNSENT_MAX = 100_000;
/** Times a group that lost a deadlock is sent again before its leads are refused. */
const TRANSIENT_ATTEMPTS_MAX = 10;

export interface RunStoreOptions {
  connection: pg.ClientConfig;
  nodeId: string;
  pause(ms: number): Promise<void>;
  /** Ms that only go forward. */
  monotonic(): number;
  /** Encrypts rows for batches; absent: no lead has one. */
  box?: Pick<SecretBox, 'seal'>;
  /** How the two connections are opened; absent: `createSession`. */
  openSession?: typeof createSession;
  /** Are events of the flow copied anywhere? Absent: of none. */
  hasChannels?: HasChannels;
  /** Absent: what ends is named alone, and counted by reading it. */
  digestsFrom?: DigestsFrom;
  /** Counts a group that is about to commit and returns what to call when it has; absent: groups are not counted. */
  watchGroup?(group: { queue: QueueName; items: number }): () => void;
}

/**
 * New words are added to their index by the duty `digests`. Beyond so much that it has left undone, by the commit that adds
 * some, whose leads wait for it some seconds.
 */
const PENDING_WORDS_MAX = '64MB';

/** The two queues of the store. */
export type QueueName = 'look' | 'commit';

export interface PostgresRunStore extends RunStore {
  /** Is the database out of reach? New leads are then refused at the door. */
  isAway(): boolean;
  /**
   * Did this process give a claim of the run up whose commit was in doubt? Then nothing was sent for it, whatever its row
   * says.
   */
  wasNotSent(runId: string): boolean;
  /** Leads whose look, claim or settlement is under way. */
  size(): number;
  /** The same by queue. */
  sizes(): Record<QueueName, number>;
  drained(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The pipeline's store on PostgreSQL: one queue and one connection for looks, which wait for no lock and no flush, and one
 * for claims and settlements. One for both, because they lock the same counters: two would wait for each other's flush.
 */
export function createRunStore(options: RunStoreOptions): PostgresRunStore {
  const openSession = options.openSession ?? createSession;
  const lookSession = openSession({
    connection: options.connection,
    applicationName: 'sluice look',
    statements: LOOK_STATEMENTS,
    settings: [],
  });
  const commitSession = openSession({
    connection: options.connection,
    applicationName: 'sluice commit',
    statements: COMMIT_STATEMENTS,
    settings: ['set synchronous_commit = on', `set gin_pending_list_limit = '${PENDING_WORDS_MAX}'`],
  });
  const unsent = new Set<string>();
  const commits = openCommitQueue(commitSession, { options, unsent });
  const room = createRecentRoom(options.monotonic);
  const looks = openLookQueue(lookSession, { options, room, groupEnd: commits.groupEnd });
  return {
    look: (request) => lookAtOthers(request, { room, look: looks.submit }),
    claim: (request) => {
      const sealedRow = request.row ? sealRow(request.row, options) : null;
      return commits.submit({ kind: 'claim', request, sealedRow }) as Promise<ClaimResult>; // a claim is answered as one
    },
    settle: async (request) => {
      const settled = (await commits.submit({ kind: 'settle', request })) as SettleResult; // a settlement likewise
      if (settled.kind === 'settled' || settled.kind === 'fenced') unsent.delete(request.run.runId);
      return settled;
    },
    wasNotSent: (runId) => unsent.has(runId),
    isAway: () => looks.isAway() || commits.isAway(),
    size: () => looks.size() + commits.size(),
    sizes: () => ({ look: looks.size(), commit: commits.size() }),
    drained: async () => {
      await looks.drained();
      await commits.drained();
    },
    close: async () => {
      looks.stop();
      commits.stop();
      await Promise.all([lookSession.close(), commitSession.close()]);
    },
  };
}

function openLookQueue(
  session: Session,
  { options, room, groupEnd }: { options: RunStoreOptions; room: RecentRoom; groupEnd(): Promise<void> | undefined },
): Batcher<LookRequest, LookResult> {
  const lookGroup = createLookGroup(session, room);
  return createBatcher<LookRequest, LookResult>({
    groupItemsMax: LOOK_GROUP_MAX,
    groupBytesMax: GROUP_BYTES_MAX,
    queueItemsMax: QUEUE_ITEMS_MAX,
    weigh: ({ lists, caps }) => 100 * (1 + lists.length + caps.length),
    commit: (group) => watched({ queue: 'look', group, options }, () => lookGroup(group)),
    waitFor: () => {
      const end = groupEnd();
      return end && Promise.race([end, options.pause(LOOK_WAIT_MS_MAX)]);
    },
    whenGone: () => unavailable('the database cannot be reached'),
    whenFull: () => unavailable('too many leads are waiting for the database'),
    whenRefused: (_item, error) => unavailable(`the database refused the look (${sqlState(error) ?? 'no code'})`),
    whenFailed: () => unavailable('the look failed'),
    pause: options.pause,
  });
}

function openCommitQueue(
  session: Session,
  { options, unsent }: { options: RunStoreOptions; unsent: Set<string> },
): Batcher<CommitItem, CommitAnswer> {
  const commitGroup = createCommitGroup({
    session,
    nodeId: options.nodeId,
    hasChannels: options.hasChannels ?? (() => false),
    digestsFrom: options.digestsFrom ?? (() => null),
  });
  return createBatcher<CommitItem, CommitAnswer>({
    groupItemsMax: COMMIT_GROUP_MAX,
    groupBytesMax: GROUP_BYTES_MAX,
    queueItemsMax: QUEUE_ITEMS_MAX,
    weigh: (item) => 1_000 + bytesOf(item),
    commit: (group) => watched({ queue: 'commit', group, options }, () => whileTransient(() => commitGroup(group))),
    // A settlement waits: the lead may have been delivered. A claim does not: nothing has been sent for it, and nothing is.
    whenGone: (item) => {
      // A ping has sent nothing anywhere: its sender asks again.
      if (item.kind === 'settle' && item.request.ping) return unavailable('the database cannot be reached');
      if (item.kind === 'settle') return 'keep';
      rememberUnsent(unsent, item.request);
      return unavailable('the database cannot be reached');
    },
    whenFull: () => unavailable('too many leads are waiting for the database'),
    whenRefused: async (item, error) => {
      const reason = `the database refused the lead's data (${sqlState(error) ?? 'no code'})`;
      if (item.kind === 'claim') return unavailable(reason);
      const [answer] = await commitGroup([{ kind: 'settle', request: withoutData(item.request, reason) }]);
      return answer?.kind === 'settled' ? { kind: 'refused', reason } : (answer ?? { kind: 'refused', reason });
    },
    whenFailed: () => unavailable('the commit failed'),
    pause: options.pause,
  });
}

function bytesOf(item: CommitItem): number {
  if (item.kind === 'claim') return item.request.state.length + (item.sealedRow?.length ?? 0);
  const { document, ping } = item.request;
  return document.length + (ping?.facts.length ?? 0);
}

function sealRow({ eventId, content }: NewBatchRow, { box }: RunStoreOptions): Buffer {
  assert(box, 'a store of leads that fill batches has a box to seal their rows');
  return box.seal(content, batchRowContext(eventId));
}

/** Only the first claim of a lead: a later one may have been preceded by a request. */
function rememberUnsent(unsent: Set<string>, { run, seq }: ClaimRequest): void {
  if (seq > 0) return;
  for (const oldest of unsent) {
    if (unsent.size < UNSENT_MAX) break;
    unsent.delete(oldest);
  }
  unsent.add(run.runId);
}

/** What is left of a lead whose data the database refuses: an error with its events' bare outcomes. */
function withoutData(request: SettleRequest, reason: string): SettleRequest {
  const events = request.events.map(
    (event): EventRow => ({
      ...event,
      ...(event.type === 'source' ? { outcome: 'error' } : {}),
      reason: null,
      facts: writeEventFacts({}),
    }),
  );
  const withoutReason = <T>(row: T): T & { reason: null } => ({ ...row, reason: null });
  // It claims nothing, so that no limit counts it.
  if (request.ping)
    return { ...request, outcome: 'failure', reason, claims: null, ping: { ...request.ping, facts: EMPTY_PING_FACTS } };
  return {
    ...request,
    outcome: 'error',
    reason,
    document: EMPTY_LEAD_DOCUMENT,
    fields: [],
    words: undefined,
    events,
    // It takes nothing any more, and what is not tried again keeps nothing.
    claims: null,
    waits: request.waits === 'held' ? null : (request.waits ?? null),
    retries: [],
    unknowns: (request.unknowns ?? []).map(withoutReason),
  };
}

/** Counts a group around its commit. An empty one only asks whether the database answers. */
async function watched<T>(
  { queue, group, options }: { queue: QueueName; group: readonly unknown[]; options: RunStoreOptions },
  commit: () => Promise<T>,
): Promise<T> {
  if (group.length === 0 || !options.watchGroup) return commit();
  const ended = ignoreFaults(() => options.watchGroup?.({ queue, items: group.length }));
  const answers = await commit();
  ignoreFaults(() => ended?.());
  return answers;
}

/** A fault in counting would pass for one of the group's data, and its leads would be refused. */
function ignoreFaults<T>(count: () => T): T | undefined {
  try {
    return count();
  } catch {
    return undefined;
  }
}

async function whileTransient<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || attempts >= TRANSIENT_ATTEMPTS_MAX) throw error;
    }
  }
}

function unavailable(reason: string): { kind: 'unavailable'; reason: string } {
  return { kind: 'unavailable', reason };
}
