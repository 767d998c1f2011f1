/**
 * Group commit: one queue that collects what arrives while the previous group is being committed, and sends it as the
 * next group. No timer and no fixed delay: an idle server commits at once, a busy one in groups.
 * Why: grouped, a durable lead costs about a tenth of the database work of one transaction a lead (measured by
 * `npm run bench -- intake`).
 */
export interface Batcher<Item, Answer> {
  /** Resolves when the group that holds the item is committed, or with why it is not. Never rejects. */
  submit(item: Item): Promise<Answer>;
  /** Items waiting or being committed. */
  size(): number;
  /** Resolves when the group that is being committed has ended; undefined: none is. */
  groupEnd(): Promise<void> | undefined;
  /** Is the database out of reach as far as this queue knows? */
  isAway(): boolean;
  /** Resolves when nothing is waiting or being committed. */
  drained(): Promise<void>;
  /** Gives up on what still waits (answers `whenGone`) and takes nothing more. */
  stop(): void;
}

export interface BatcherOptions<Item, Answer> {
  /** Most items of one group. */
  groupItemsMax: number;
  /** Most bytes of one group, by `weigh`; one item may exceed it alone. */
  groupBytesMax: number;
  /** Most items waiting; one more is answered `whenFull`. */
  queueItemsMax: number;
  /** Rough size of an item in bytes. */
  weigh(item: Item): number;
  /**
   * Commits a group, all or nothing, and answers each item in order. Throws `DatabaseGone` when the end is in doubt or
   * the database cannot be reached; anything else it throws means that the data of some item is to blame.
   * `isResend` is true when the group was sent before and its end is in doubt.
   */
  commit(group: readonly Item[], isResend: boolean): Promise<Answer[]>;
  /** The answer for an item that the database refuses when it stands alone. May throw `DatabaseGone`: it is asked again. */
  whenRefused(item: Item, error: unknown): Promise<Answer> | Answer;
  /** The answer when even that failed: a fault of ours. */
  whenFailed(item: Item, error: unknown): Answer;
  /** What becomes of an item while the database is away: its answer, or `keep` to send it again later. */
  whenGone(item: Item): Answer | 'keep';
  whenFull(item: Item): Answer;
  /** What a group waits for before it is sent, and collects meanwhile; undefined: nothing. Absent: never. */
  waitFor?(): Promise<void> | undefined;
  /** Pause before the next attempt to reach the database. */
  pause(ms: number): Promise<void>;
}

/** The database cannot be reached, or its connection broke before the answer to a COMMIT came. */
export class DatabaseGone extends Error {
  override name = 'DatabaseGone';
}

/** Pauses between attempts to reach the database, in ms: doubling up to a second. */
const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 1_000;

interface Entry<Item, Answer> {
  item: Item;
  answer: (answer: Answer) => void;
}

export function createBatcher<Item, Answer>(options: BatcherOptions<Item, Answer>): Batcher<Item, Answer> {
  let queue: Entry<Item, Answer>[] = [];
  let inFlight = 0;
  let ending: Promise<void> | undefined;
  let isWaiting = false;
  let isAway = false;
  let isStopped = false;
  let waiters: (() => void)[] = [];

  function submit(item: Item): Promise<Answer> {
    if (isStopped || isAway) {
      const fate = options.whenGone(item);
      if (fate !== 'keep') return Promise.resolve(fate);
    }
    if (queue.length >= options.queueItemsMax) return Promise.resolve(options.whenFull(item));
    return new Promise((answer) => {
      queue.push({ item, answer });
      // setImmediate, so that everything read from sockets in this turn of the loop shares the group.
      if (inFlight === 0 && queue.length === 1) setImmediate(pump);
    });
  }

  function pump(): void {
    if (inFlight > 0 || isWaiting || queue.length === 0) return;
    const before = options.waitFor?.();
    if (before === undefined) {
      sendGroup();
      return;
    }
    isWaiting = true;
    void before.then(() => {
      isWaiting = false;
      sendGroup();
    });
  }

  function sendGroup(): void {
    if (queue.length === 0) {
      release();
      return;
    }
    const group = takeGroup();
    inFlight = group.length;
    ending = commitGroup(group).then(next, next);
  }

  function next(): void {
    inFlight = 0;
    ending = undefined;
    if (queue.length > 0) pump();
    else release();
  }

  function takeGroup(): Entry<Item, Answer>[] {
    let bytes = 0;
    let count = 0;
    for (const entry of queue) {
      bytes += options.weigh(entry.item);
      if (count > 0 && bytes > options.groupBytesMax) break;
      count += 1;
      if (count >= options.groupItemsMax) break;
    }
    const group = queue.slice(0, count);
    queue = queue.slice(count);
    return group;
  }

  async function commitGroup(entries: Entry<Item, Answer>[]): Promise<void> {
    let pauseMs = PAUSE_MIN_MS;
    let group = entries;
    for (let isResend = false; group.length > 0; isResend = true) {
      try {
        const answers = await options.commit(
          group.map((entry) => entry.item),
          isResend,
        );
        isAway = false;
        settleAll(group, answers);
        return;
      } catch (error) {
        if (!(error instanceof DatabaseGone)) return commitHalves(group, error);
        isAway = true;
        group = dropThoseThatCannotWait(group);
        queue = dropThoseThatCannotWait(queue);
        await options.pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
      }
    }
    await untilReachable(pauseMs);
  }

  /** One item's data is to blame: halve until it stands alone, so that the others commit. */
  async function commitHalves(group: Entry<Item, Answer>[], error: unknown): Promise<void> {
    const [first] = group;
    if (group.length === 1 && first) return refuse(first, error);
    const middle = group.length >> 1;
    await commitGroup(group.slice(0, middle));
    await commitGroup(group.slice(middle));
  }

  async function refuse(entry: Entry<Item, Answer>, error: unknown): Promise<void> {
    try {
      entry.answer(await options.whenRefused(entry.item, error));
    } catch (fault) {
      if (fault instanceof DatabaseGone) return commitGroup([entry]);
      entry.answer(options.whenFailed(entry.item, fault));
    }
  }

  /** Nothing waits for the database: ask with an empty group until it answers, so that new items are taken again. */
  async function untilReachable(firstPauseMs: number): Promise<void> {
    for (let pauseMs = firstPauseMs; isAway && !isStopped; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
      try {
        await options.commit([], false);
        isAway = false;
      } catch {
        await options.pause(pauseMs);
      }
    }
  }

  function dropThoseThatCannotWait(entries: Entry<Item, Answer>[]): Entry<Item, Answer>[] {
    return entries.filter((entry) => {
      const fate = options.whenGone(entry.item);
      if (fate === 'keep' && !isStopped) return true;
      if (fate !== 'keep') entry.answer(fate);
      return false;
    });
  }

  function settleAll(group: Entry<Item, Answer>[], answers: Answer[]): void {
    group.forEach((entry, index) => {
      const answer = answers[index];
      if (answer === undefined)
        throw new Error(`invariant broken: a commit answered ${answers.length} of ${group.length}`);
      entry.answer(answer);
    });
  }

  function release(): void {
    const resolved = waiters;
    waiters = [];
    for (const resolve of resolved) resolve();
  }

  return {
    submit,
    size: () => queue.length + inFlight,
    groupEnd: () => ending,
    isAway: () => isAway,
    drained: () =>
      queue.length + inFlight === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)),
    stop: () => {
      isStopped = true;
      queue = dropThoseThatCannotWait(queue);
    },
  };
}
