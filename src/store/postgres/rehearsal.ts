import type pg from 'pg';
import { DatabaseGone } from '../batcher.ts';
import {
  BEGIN,
  commandCall,
  createCommandSession,
  type Session,
  type Statement,
  type TransactionWords,
} from './session.ts';

/** Sessions that do all that those of leads do, and commit nothing. */
export interface Rehearsal {
  /** A session of the run store. All of a rehearsal share one connection: each sees what the others have written. */
  openSession(): Session;
  /** Undoes everything since the last call, which frees every lock. */
  discard(): Promise<void>;
  /** Ends the connection, and what it has written with it. */
  close(): Promise<void>;
}

/**
 * From the moment it is connected the session is inside a transaction that nothing commits, so a connection that breaks
 * and is made again writes as little as the first.
 */
const NEVER_COMMITTED: TransactionWords = {
  connected: BEGIN,
  begin: commandCall('rehearse', 'savepoint rehearsed'),
  commit: commandCall('release_rehearsed', 'release savepoint rehearsed'),
  rollback: commandCall('undo_rehearsed', 'rollback to savepoint rehearsed'),
  committed: 'RELEASE',
};

/** Ends the transaction and begins the next one in one command, so that none of its groups is ever outside of one. */
const DISCARD = commandCall('discard_rehearsed', 'rollback and chain');

/**
 * Runs groups of made-up leads on the database and undoes them: the statements, their plans and the driver are those of
 * real leads. Groups that a real store commits over two connections follow each other here, because savepoints nest.
 */
export function createRehearsal(options: {
  connection: pg.ClientConfig;
  /** All that its sessions may call. */
  statements: readonly Statement[];
}): Rehearsal {
  const session = createCommandSession({
    ...options,
    applicationName: 'sluice warm-up',
    settings: [],
    words: NEVER_COMMITTED,
  });
  let isClosed = false;
  /** Ends when the groups before have ended. */
  let last: Promise<void> = Promise.resolve();

  /** Waits for the groups before; returns how to let the next one go on. */
  async function enter(): Promise<() => void> {
    const before = last;
    let leave = (): void => undefined;
    last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    if (!isClosed) return leave;
    leave();
    throw new DatabaseGone('the rehearsal has ended');
  }

  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const leave = await enter();
    return work().finally(leave);
  }

  function openSession(): Session {
    let leave: (() => void) | null = null;
    /** Lets the next group go on, when this one had begun. */
    const end = (): void => {
      leave?.();
      leave = null;
    };
    const ending = <T>(work: Promise<T>): Promise<T> => work.finally(end);
    const endingWhenFailed = <T>(work: Promise<T>): Promise<T> =>
      work.catch((error) => {
        end();
        throw error;
      });
    return {
      ask: (calls) => alone(() => session.ask(calls)),
      begin: async (calls) => {
        leave = await enter();
        return endingWhenFailed(session.begin(calls));
      },
      proceed: (calls) => endingWhenFailed(session.proceed(calls)),
      finish: (calls) => ending(session.finish(calls)),
      rollback: async () => {
        if (leave !== null) await ending(session.rollback());
      },
      transact: (calls) => alone(() => session.transact(calls)),
      connect: () => alone(session.connect),
      close: async () => undefined,
    };
  }

  return {
    openSession,
    discard: () => alone(() => session.run(DISCARD)),
    close: () => {
      isClosed = true;
      return session.close();
    },
  };
}
