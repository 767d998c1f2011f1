import type pg from 'pg';
import type {
  IntendResult,
  ReserveRequest,
  ReserveResult,
  RunStore,
  SettleRequest,
  SettleResult,
} from '../../pipeline/run-store.ts';
import { writeEventFacts } from '../../stored/event-facts.ts';
import type { EventRow } from '../../stored/intent-state.ts';
import { EMPTY_LEAD_DOCUMENT } from '../../stored/lead-document.ts';
import { type Batcher, createBatcher } from '../batcher.ts';
import { type CommitAnswer, type CommitItem, createCommitGroup } from './commit-group.ts';
import { createReserveGroup } from './reserve-group.ts';
import { RESERVE_STATEMENTS } from './reserve-statements.ts';
import { createSession, isTransient, type Session, sqlState } from './session.ts';
import { COMMIT_STATEMENTS } from './settle-statements.ts';

/** Bounds of the two queues. A group is kept short enough that its locks are, and long enough that commits are few. */
export const RESERVE_GROUP_MAX = 512;
export const COMMIT_GROUP_MAX = 512;
export const GROUP_BYTES_MAX = 8 * 1024 * 1024;
export const QUEUE_ITEMS_MAX = 20_000;
/** Times a group that lost a deadlock is sent again before its leads are refused. */
const TRANSIENT_ATTEMPTS_MAX = 10;

export interface RunStoreOptions {
  connection: pg.ClientConfig;
  nodeId: string;
  pause(ms: number): Promise<void>;
  /** How the two connections are opened; absent: `createSession`. */
  openSession?: typeof createSession;
  /** Counts a group that is about to commit and returns what to call when it has; absent: groups are not counted. */
  watchGroup?(group: { queue: QueueName; items: number }): () => void;
}

/** The two queues of the store. */
export type QueueName = 'reserve' | 'commit';

export interface PostgresRunStore extends RunStore {
  /** Is the database out of reach? New leads are then refused at the door. */
  isAway(): boolean;
  /** Leads whose reserve, intent or settlement is under way. */
  size(): number;
  /** The same by queue. */
  sizes(): Record<QueueName, number>;
  drained(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The pipeline's store on PostgreSQL: one queue and one connection for reservations, one for intents and settlements.
 * Two, because a reservation must not wait for the flush of a settlement. Reservations commit without a flush of their
 * own: nothing has left the house yet, the next synchronous commit flushes them too, and the fence stops one that was
 * lost with the database: its intent and its settlement name what the run row must hold.
 */
export function createRunStore(options: RunStoreOptions): PostgresRunStore {
  const openSession = options.openSession ?? createSession;
  const reserveSession = openSession({
    connection: options.connection,
    applicationName: 'sluice reserve',
    statements: RESERVE_STATEMENTS,
    settings: ['set synchronous_commit = off'],
  });
  const commitSession = openSession({
    connection: options.connection,
    applicationName: 'sluice commit',
    statements: COMMIT_STATEMENTS,
    settings: ['set synchronous_commit = on'],
  });
  const reserves = reserveQueue(reserveSession, options);
  const commits = commitQueue(commitSession, options);
  return {
    reserve: (request) => reserves.submit(request),
    intend: (request) => commits.submit({ kind: 'intend', request }) as Promise<IntendResult>, // an intent is answered as one
    settle: (request) => commits.submit({ kind: 'settle', request }) as Promise<SettleResult>, // a settlement likewise
    isAway: () => reserves.isAway() || commits.isAway(),
    size: () => reserves.size() + commits.size(),
    sizes: () => ({ reserve: reserves.size(), commit: commits.size() }),
    drained: async () => {
      await reserves.drained();
      await commits.drained();
    },
    close: async () => {
      reserves.stop();
      commits.stop();
      await Promise.all([reserveSession.close(), commitSession.close()]);
    },
  };
}

function reserveQueue(session: Session, options: RunStoreOptions): Batcher<ReserveRequest, ReserveResult> {
  const reserveGroup = createReserveGroup({ session, nodeId: options.nodeId });
  return createBatcher<ReserveRequest, ReserveResult>({
    groupItemsMax: RESERVE_GROUP_MAX,
    groupBytesMax: GROUP_BYTES_MAX,
    queueItemsMax: QUEUE_ITEMS_MAX,
    weigh: (request) => 300 + 100 * (request.lists.length + request.caps.length),
    commit: (group) => watched({ queue: 'reserve', group, options }, () => whileTransient(() => reserveGroup(group))),
    // Not sent again: nothing has left the house, and a place taken by a commit in doubt is swept with its run row.
    whenGone: () => unavailable('the database cannot be reached'),
    whenFull: () => unavailable('too many leads are waiting for the database'),
    whenRefused: (_item, error) =>
      unavailable(`the database refused the reservation (${sqlState(error) ?? 'no code'})`),
    whenFailed: () => unavailable('the reservation failed'),
    pause: options.pause,
  });
}

function commitQueue(session: Session, options: RunStoreOptions): Batcher<CommitItem, CommitAnswer> {
  const commitGroup = createCommitGroup({ session, nodeId: options.nodeId });
  return createBatcher<CommitItem, CommitAnswer>({
    groupItemsMax: COMMIT_GROUP_MAX,
    groupBytesMax: GROUP_BYTES_MAX,
    queueItemsMax: QUEUE_ITEMS_MAX,
    weigh: (item) => 1_000 + (item.kind === 'intend' ? item.request.state.length : item.request.document.length),
    commit: (group) => watched({ queue: 'commit', group, options }, () => whileTransient(() => commitGroup(group))),
    // A settlement waits: the lead may have been delivered. An intent does not: nothing has been sent yet.
    whenGone: (item) => (item.kind === 'settle' ? 'keep' : unavailable('the database cannot be reached')),
    whenFull: () => unavailable('too many leads are waiting for the database'),
    whenRefused: async (item, error) => {
      const reason = `the database refused the lead's data (${sqlState(error) ?? 'no code'})`;
      if (item.kind === 'intend') return unavailable(reason);
      const [answer] = await commitGroup([{ kind: 'settle', request: withoutData(item.request, reason) }]);
      return answer?.kind === 'settled' ? { kind: 'refused', reason } : (answer ?? { kind: 'refused', reason });
    },
    whenFailed: () => unavailable('the commit failed'),
    pause: options.pause,
  });
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
  return {
    ...request,
    outcome: 'error',
    reason,
    document: EMPTY_LEAD_DOCUMENT,
    events,
    // What is not tried again keeps nothing.
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
