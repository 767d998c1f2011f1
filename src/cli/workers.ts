import cluster, { type Worker } from 'node:cluster';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Log } from '../observe/log.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export interface Workers {
  url: string;
  /** Ends when workers die faster than they may be replaced. */
  gaveUp: Promise<void>;
  /** Drains all of them. */
  stop(): Promise<void>;
}

/** More deaths than this within the window mean that a new worker would die too. */
const DEATHS_MAX = 10;
const DEATHS_WINDOW_MS = 60_000;

interface WorkersOptions {
  count: number;
  start: Extract<ToWorker, { kind: 'start' }>;
  log: Log;
}

/** Starts the processes that share the port, replaces those that die, and is ready when all of them listen. */
export async function startWorkers(options: WorkersOptions): Promise<Result<Workers, string>> {
  const { count, log } = options;
  const deaths: number[] = [];
  let isStopping = false;
  let giveUp = (): void => undefined;
  const gaveUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });

  cluster.on('exit', (worker, code, signal) => {
    if (isStopping) return;
    log.error({ pid: worker.process.pid, code, signal }, 'a worker exited; a new one starts');
    const now = performance.now();
    deaths.push(now);
    if (deaths.filter((at) => now - at < DEATHS_WINDOW_MS).length > DEATHS_MAX) giveUp();
    else void startWorker(nextMessage);
  });

  // A worker that begins to read while the others are drained would have missed its own drain.
  const nextMessage = (): ToWorker => (isStopping ? { kind: 'drain' } : options.start);

  async function stop(): Promise<void> {
    isStopping = true;
    await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && drain(worker)));
  }

  const first = await Promise.all(Array.from({ length: count }, () => startWorker(nextMessage)));
  const refused = first.find((answer) => answer.kind === 'refused');
  const [ready] = first;
  if (ready?.kind === 'ready' && !refused) return ok({ url: ready.url, gaveUp, stop });
  await stop();
  return fail(refused?.kind === 'refused' ? refused.sentence : 'No worker could be started.');
}

function startWorker(nextMessage: () => ToWorker): Promise<FromWorker> {
  const worker = cluster.fork();
  return new Promise((resolve) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'reading') worker.send(nextMessage());
      else resolve(message);
    });
    worker.once('exit', () => resolve({ kind: 'refused', sentence: 'A worker ended while it started.' }));
  });
}

function drain(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    if (worker.isDead()) resolve();
    else worker.send({ kind: 'drain' } satisfies ToWorker);
  });
}
