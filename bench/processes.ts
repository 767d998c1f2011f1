import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Scripts run as processes of their own and asked over Node's IPC: each participant of a measurement has its own CPU
 * account, and a killed server ends no other process.
 */

/** What a script answers to: a name and a function of at most one plain value. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where calls of every shape pass; `ask` gives the shape back.
export type Handlers = Record<string, (argument: any) => unknown>;

export interface ScriptProcess<H extends Handlers> {
  pid: number;
  /** Calls a handler of the script; rejects when it throws or the process ends first. */
  ask<K extends keyof H & string>(name: K, argument: Parameters<H[K]>[0]): Promise<Awaited<ReturnType<H[K]>>>;
  stop(): Promise<void>;
}

interface Question {
  id: number;
  name: string;
  argument: unknown;
}

interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

/** Starts a script that calls `serveParent`, by the Node of the path or by this one. It ends when its parent does. */
export function forkScript<H extends Handlers>(url: URL, nodePath = process.execPath): ScriptProcess<H> {
  // The parent's own execArgv carries the TypeScript loader on to the child.
  const child = fork(fileURLToPath(url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'json',
    execPath: nodePath,
  });
  return { pid: child.pid ?? 0, ask: asksOf<H>(child, url.pathname), stop: () => endChild(child) };
}

/** Asks a child with a channel of messages that calls `answerParent`. */
export function asksOf<H extends Handlers>(child: ChildProcess, name: string): ScriptProcess<H>['ask'] {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let questions = 0;
  child.on('message', (message) => {
    // Only `answerParent` below writes to this channel.
    const reply = message as Reply;
    const waiter = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) waiter?.resolve(reply.value);
    else waiter?.reject(new Error(reply.error));
  });
  child.once('exit', (code, signal) => {
    for (const waiter of waiting.values()) waiter.reject(new Error(`${name} ended: ${signal ?? code}`));
  });
  return (handler, argument) => {
    questions += 1;
    const question: Question = { id: questions, name: handler, argument };
    // The handler's own type says what comes back; JSON carries it unchanged.
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(question.id, { resolve, reject });
      child.send(question, (error) => error && reject(error));
    }) as Promise<Awaited<ReturnType<H[typeof handler]>>>;
  };
}

/** Answers the parent's questions when this module is the script that was forked; does nothing when it is imported. */
export function serveParent(moduleUrl: string, handlers: Handlers): void {
  if (process.argv[1] === fileURLToPath(moduleUrl)) answerParent(handlers);
}

/** Answers the parent's questions, in a process with a channel of messages to it. */
export function answerParent(handlers: Handlers): void {
  if (process.send === undefined) return;
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (message) => {
    // Only `asksOf` above writes to this channel.
    const { id, name, argument } = message as Question;
    try {
      const value = await handlers[name]?.(argument);
      process.send?.({ id, value } satisfies Reply);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}

function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
