import { Worker } from 'node:worker_threads';
import { assert } from '../../lib/assert.ts';
import { withResolvers } from '../../lib/with-resolvers.ts';
import type { Transaction } from '../../model/event.ts';
import type { Written } from './rich-message.ts';
import type { DescribedModule, FromPackage, SyncOperation, ToPackage, WorkerStart } from './worker-messages.ts';

/** From the start of the thread until the package is loaded. */
export const LOAD_MS_MAX = 30_000;
/** One run of `validate`, `request` or `response`, counted from when the thread gets it. */
export const CALL_MS_MAX = 5_000;
/** How long a cancelled `handle` may keep the thread from saying so. */
const CANCEL_MS_MAX = 1_000;
/** Calls that wait for the thread; further ones fail at once. */
const WAITING_MAX = 1_000;
/** `handle` calls under way at once in a thread. */
const HANDLES_MAX = 64;
/** Cancelled `handle` calls may go on using memory; a thread with so many takes no further calls. */
const CANCELLED_MAX = 16;

/** Published packages load in 30 to 60 MB. */
const HEAP_MB_MAX = 256;
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: HEAP_MB_MAX, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** Why a call of a package did not end as calls do; `reason` goes onto the step's event. */
export class PackageFault extends Error {
  readonly reason: string;
  /** Had the package been given the call? Then it may have done anything. */
  readonly hasStarted: boolean;

  constructor(reason: string, options: { hasStarted: boolean }) {
    super('an integration package failed');
    this.name = 'PackageFault';
    this.reason = reason;
    this.hasStarted = options.hasStarted;
  }
}

const STARTED = { hasStarted: true };
const NOT_STARTED = { hasStarted: false };

export interface PackageThreadOptions {
  workerFile: URL | string;
  start: WorkerStart;
  /** All the package sees of the environment. */
  env: Readonly<Record<string, string>>;
  /** Called once; `isCrash`: it was not we who ended it. */
  onEnd(isCrash: boolean): void;
  onIdle(): void;
}

/** How `handle` ended, as the thread reported. */
export interface HandleAnswer {
  value: unknown;
  error: string | null;
  isUnanswered: boolean;
}

interface Call {
  callId: number;
  message: ToPackage;
  timeoutMs: number;
  isHandle: boolean;
  timer: NodeJS.Timeout | undefined;
  resolve(answer: unknown): void;
  reject(fault: PackageFault): void;
  onExchange(transaction: Transaction): void;
}

/**
 * One package in a thread of its own. Calls that answer at once go in one by one, so that each has its own time limit;
 * `handle` calls overlap. Whatever happens to the thread, every call ends: with an answer, or as a PackageFault.
 */
export class PackageThread {
  readonly loaded: Promise<{ modules: DescribedModule[]; exportedName: string | null }>;
  readonly #options: PackageThreadOptions;
  readonly #worker: Worker;
  readonly #waiting: Call[] = [];
  readonly #sent = new Map<number, Call>();
  #settleLoaded: {
    resolve(ready: { modules: DescribedModule[]; exportedName: string | null }): void;
    reject(fault: PackageFault): void;
  };
  #state: 'loading' | 'ready' | 'ended' = 'loading';
  #cancelled = 0;
  #lastCallId = 0;
  #timer: NodeJS.Timeout;

  constructor(options: PackageThreadOptions) {
    this.#options = options;
    const { promise, resolve, reject } = withResolvers<
      { modules: DescribedModule[]; exportedName: string | null },
      PackageFault
    >();
    this.loaded = promise;
    // No caller may be waiting for it; each call gets its own answer.
    this.loaded.catch(() => undefined);
    this.#settleLoaded = { resolve, reject };
    this.#worker = new Worker(options.workerFile, {
      workerData: options.start,
      env: { ...options.env },
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: RESOURCE_LIMITS,
      name: options.start.packageName,
    });
    // Printed before the thread silenced itself, by the runtime or by a crash: read and dropped.
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (message: FromPackage) => this.#hear(message));
    this.#worker.on('messageerror', () => this.#end('returned an unreadable answer', true));
    this.#worker.on('error', (error) => this.#end(reasonOfError(error), true));
    this.#worker.on('exit', () => this.#end('ended its own thread', true));
    this.#timer = setTimeout(() => this.#end(`did not load within ${LOAD_MS_MAX / 1000} s`, true), LOAD_MS_MAX);
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#sent.size === 0;
  }

  /** Does the thread take calls? */
  get isUsable(): boolean {
    return this.#state !== 'ended' && this.#cancelled < CANCELLED_MAX;
  }

  /** Runs a function that answers at once; rejects with a PackageFault. */
  call(operation: SyncOperation, path: string, values: Written[]): Promise<unknown> {
    const callId = this.#nextId();
    return this.#enqueue({
      callId,
      message: { kind: 'call', callId, operation, path, values },
      timeoutMs: CALL_MS_MAX,
      isHandle: false,
    });
  }

  /** Runs `handle` for at most `timeoutMs`; rejects with a PackageFault. */
  async handle(
    path: string,
    vars: Written,
    options: { timeoutMs: number; onExchange(transaction: Transaction): void },
  ): Promise<HandleAnswer> {
    const callId = this.#nextId();
    const message: ToPackage = { kind: 'handle', callId, path, vars };
    const answered = await this.#enqueue({ ...options, callId, message, isHandle: true });
    return answered as HandleAnswer; // #hear resolves a handle with nothing else
  }

  /** Ends the thread; calls under way fail. */
  async end(): Promise<void> {
    this.#end('was stopped with the server', false);
    await this.#worker.terminate();
  }

  #nextId(): number {
    this.#lastCallId += 1;
    return this.#lastCallId;
  }

  #enqueue(call: Pick<Call, 'callId' | 'message' | 'timeoutMs' | 'isHandle'> & Partial<Call>): Promise<unknown> {
    if (this.#state === 'ended') return Promise.reject(this.#fault('has just stopped', NOT_STARTED));
    if (this.#waiting.length >= WAITING_MAX)
      return Promise.reject(this.#fault('has too many calls waiting', NOT_STARTED));
    const { promise, resolve, reject } = withResolvers<unknown, PackageFault>();
    const waiting: Call = { onExchange: () => undefined, ...call, timer: undefined, resolve, reject };
    this.#waiting.push(waiting);
    // The step's time passes while its call waits.
    if (call.isHandle) waiting.timer = setTimeout(() => this.#outOfTime(waiting), Math.max(1, call.timeoutMs));
    this.#sendNext();
    return promise;
  }

  /** Sends what may go: one call that answers at once at a time, and as many handles as are allowed. */
  #sendNext(): void {
    if (this.#state !== 'ready') return;
    const sent = [...this.#sent.values()];
    let handles = sent.filter(({ isHandle }) => isHandle).length;
    let isCalling = sent.length > handles;
    for (let index = 0; index < this.#waiting.length; ) {
      const call = this.#waiting[index];
      assert(call, 'the loop stays inside the queue');
      const mayGo = call.isHandle ? handles < HANDLES_MAX : !isCalling;
      if (mayGo) {
        this.#waiting.splice(index, 1);
        this.#send(call);
        if (call.isHandle) handles += 1;
        else isCalling = true;
      } else index += 1;
      if (isCalling && handles >= HANDLES_MAX) return;
    }
  }

  #send(call: Call): void {
    this.#sent.set(call.callId, call);
    call.timer ??= setTimeout(() => this.#outOfTime(call), call.timeoutMs);
    this.#worker.postMessage(call.message);
  }

  /**
   * A call that answers at once and does not, hangs: its thread ends. A `handle` may just wait for a slow recipient:
   * only it is given up, unless the thread does not hear that.
   */
  #outOfTime(call: Call): void {
    const seconds = Math.round(call.timeoutMs / 100) / 10;
    const reason = `did not answer within ${seconds} s`;
    const position = this.#waiting.indexOf(call);
    const isAlone = this.#sent.size === 1 && this.#waiting.length === 0;
    if (position >= 0) {
      this.#waiting.splice(position, 1);
      call.reject(this.#fault(reason, NOT_STARTED));
    } else if (!call.isHandle || isAlone) this.#end(reason, !call.isHandle);
    else this.#cancel(call, reason);
  }

  #cancel(call: Call, reason: string): void {
    this.#cancelled += 1;
    this.#worker.postMessage({ kind: 'cancel', callId: call.callId } satisfies ToPackage);
    call.timer = setTimeout(() => this.#end('hangs', true), CANCEL_MS_MAX);
    call.reject(this.#fault(reason, STARTED));
  }

  #hear(message: FromPackage): void {
    if (this.#state === 'ended') return;
    if (message.kind === 'ready') this.#ready(message);
    else if (message.kind === 'unusable') this.#end(`could not be loaded: ${message.reason}`, true);
    else this.#hearOfCall(message);
  }

  #hearOfCall(message: Exclude<FromPackage, { kind: 'ready' | 'unusable' }>): void {
    const call = this.#sent.get(message.callId);
    if (!call) return;
    if (message.kind === 'exchange') {
      call.onExchange(message.transaction);
      return;
    }
    clearTimeout(call.timer);
    this.#sent.delete(message.callId);
    if (message.kind === 'threw') call.reject(new PackageFault(message.message, STARTED));
    else call.resolve(message.kind === 'answer' ? message.value : message);
    this.#sendNext();
    if (this.isIdle) this.#idle();
  }

  #ready(ready: { modules: DescribedModule[]; exportedName: string | null }): void {
    clearTimeout(this.#timer);
    this.#state = 'ready';
    this.#settleLoaded.resolve(ready);
    this.#sendNext();
    if (this.isIdle) this.#idle();
  }

  #idle(): void {
    if (this.#cancelled > 0) this.#end('was replaced', false);
    else this.#options.onIdle();
  }

  #end(what: string, isCrash: boolean): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearTimeout(this.#timer);
    this.#settleLoaded.reject(this.#fault(what, NOT_STARTED));
    this.#fail([...this.#sent.values()], this.#fault(what, STARTED));
    this.#fail(this.#waiting, this.#fault(what, NOT_STARTED));
    this.#sent.clear();
    this.#waiting.length = 0;
    void this.#worker.terminate();
    this.#options.onEnd(isCrash);
  }

  #fail(calls: readonly Call[], fault: PackageFault): void {
    for (const call of calls) {
      clearTimeout(call.timer);
      call.reject(fault);
    }
  }

  #fault(what: string, options: { hasStarted: boolean }): PackageFault {
    return new PackageFault(`The package ${this.#options.start.packageName} ${what}`, options);
  }
}

/** Codes and names are constants; messages may quote the lead. */
function reasonOfError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return `used more than ${HEAP_MB_MAX} MB of memory`;
  return `crashed (${error instanceof Error ? error.name : typeof error})`;
}
