import type pg from 'pg';
import type { Clock } from '../../lib/clock.ts';
import { addChanges, type Credits, chooseNext } from '../../pipeline/steps/distribution/share-turns.ts';
import type { TakeTurns, TurnAnswer, TurnRequest, TurnsKey } from '../../pipeline/turns.ts';
import { createBatcher } from '../batcher.ts';
import { jsonArray, textArray, timestampArray } from './binary-array.ts';
import { createSession, isTransient, type Session, type Statement, sqlState } from './session.ts';

/** A group holds its rows for two trips to the database, so it is kept small; the queue is that of claims. */
const GROUP_ITEMS_MAX = 256;
const QUEUE_ITEMS_MAX = 20_000;
/** Times a group that lost a deadlock is sent again before its leads are refused. */
const TRANSIENT_ATTEMPTS_MAX = 10;

export interface TurnStore {
  takeTurn: TakeTurns;
  /** Choices waiting or being committed. */
  size(): number;
  drained(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Whose turn it is, on PostgreSQL: one queue and one connection of its own, opened with the first choice. A group locks the
 * rows of all its distributions, decides in the order of arrival, and writes each row once, however many leads chose.
 */
export function createTurnStore(options: {
  connection: pg.ClientConfig;
  clock: Pick<Clock, 'now'>;
  pause(ms: number): Promise<void>;
  /** Absent: `createSession`. */
  openSession?: typeof createSession;
}): TurnStore {
  const session = (options.openSession ?? createSession)({
    connection: options.connection,
    applicationName: 'sluice turns',
    statements: TURN_STATEMENTS,
    // A choice is worth nothing without the claim behind it, whose flush takes it along.
    settings: ['set synchronous_commit = off'],
  });
  const batcher = createBatcher<TurnRequest, TurnAnswer>({
    groupItemsMax: GROUP_ITEMS_MAX,
    groupBytesMax: Number.POSITIVE_INFINITY,
    queueItemsMax: QUEUE_ITEMS_MAX,
    weigh: () => 1,
    commit: (group) => whileTransient(() => chooseForGroup(session, { group, now: options.clock.now() })),
    whenGone: () => unavailable('the database cannot be reached'),
    whenFull: () => unavailable('too many leads are waiting for the database'),
    whenRefused: (_request, error) => unavailable(`the database refused the choice (${sqlState(error) ?? 'no code'})`),
    whenFailed: () => unavailable('the choice failed'),
    pause: options.pause,
  });
  return {
    takeTurn: (request) => batcher.submit(request),
    size: () => batcher.size(),
    drained: () => batcher.drained(),
    close: async () => {
      batcher.stop();
      await session.close();
    },
  };
}

/** All in one transaction. Rows are locked in the order of their keys, so that no two groups wait for each other. */
async function chooseForGroup(
  session: Session,
  { group, now }: { group: readonly TurnRequest[]; now: number },
): Promise<TurnAnswer[]> {
  if (group.length === 0) {
    await session.connect();
    return [];
  }
  const keys = [...new Map(group.map(({ key }) => [nameOf(key), key])).values()];
  try {
    const results = await session.begin([
      { statement: openTurns, values: [...keyColumns(keys), timestampArray(keys.map(() => now))] },
      { statement: lockTurns, values: keyColumns(keys) },
    ]);
    // Shaped by the statement; `ord` counts from 1.
    const rows = (results[1]?.rows ?? []) as { ord: number; credits: Credits }[];
    const standing = new Map<string, Credits>();
    for (const { ord, credits } of rows) {
      const key = keys[ord - 1];
      if (key) standing.set(nameOf(key), credits);
    }
    const answers = group.map((request) => answerRequest(request, standing));
    const written = jsonArray(keys.map((key) => JSON.stringify(standing.get(nameOf(key)) ?? {})));
    await session.finish([{ statement: writeTurns, values: [...keyColumns(keys), written] }]);
    return answers;
  } catch (error) {
    await session.rollback();
    throw error;
  }
}

function answerRequest({ key, sharers, returned }: TurnRequest, standing: Map<string, Credits>): TurnAnswer {
  const name = nameOf(key);
  let credits = standing.get(name) ?? {};
  for (const changes of returned) credits = addChanges(credits, changes, -1);
  const choice = chooseNext(credits, sharers);
  standing.set(name, choice ? addChanges(credits, choice.changes) : credits);
  return choice ? { kind: 'taken', choice } : { kind: 'returned' };
}

function nameOf({ accountId, flowId, stepId, turns }: TurnsKey): string {
  return `${accountId} ${flowId} ${stepId} ${turns}`;
}

function keyColumns(keys: readonly TurnsKey[]): Buffer[] {
  return [
    textArray(keys.map(({ accountId }) => accountId)),
    textArray(keys.map(({ flowId }) => flowId)),
    textArray(keys.map(({ stepId }) => stepId)),
    textArray(keys.map(({ turns }) => turns)),
  ];
}

const NO_TEXT = textArray([]);
const NO_KEYS = [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT];

/** A row for each of these that has none; by the primary key. */
const openTurns: Statement = {
  name: 'open_turns',
  text: `
    insert into distribution_turns (account_id, flow_id, step_id, turns, credits, updated_at)
    select account_id, flow_id, step_id, turns, '{}', opened_at
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
      as k(account_id, flow_id, step_id, turns, opened_at)
    order by account_id, flow_id, step_id, turns
    on conflict (account_id, flow_id, step_id, turns) do nothing`,
  empty: [...NO_KEYS, timestampArray([])],
};

/** What stands of these, locked in the order of the keys. */
const lockTurns: Statement = {
  name: 'lock_turns',
  text: `
    select k.ord::int as ord, t.credits
    from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality
      as k(account_id, flow_id, step_id, turns, ord)
    join distribution_turns t on t.account_id = k.account_id and t.flow_id = k.flow_id and t.step_id = k.step_id
      and t.turns = k.turns
    order by t.account_id, t.flow_id, t.step_id, t.turns
    for update of t`,
  empty: NO_KEYS,
};

/** Rows that are locked already. */
const writeTurns: Statement = {
  name: 'write_turns',
  text: `
    update distribution_turns t set credits = k.credits, updated_at = now()
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::json[])
      as k(account_id, flow_id, step_id, turns, credits)
    where t.account_id = k.account_id and t.flow_id = k.flow_id and t.step_id = k.step_id and t.turns = k.turns`,
  empty: [...NO_KEYS, jsonArray([])],
};

const TURN_STATEMENTS = [openTurns, lockTurns, writeTurns];

async function whileTransient<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || attempts >= TRANSIENT_ATTEMPTS_MAX) throw error;
    }
  }
}

function unavailable(reason: string): TurnAnswer {
  return { kind: 'unavailable', reason };
}
