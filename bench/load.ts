import { createHistogram } from 'node:perf_hooks';
import { treeCpuUs } from './cpu.ts';
import { connect, type HttpAnswerView, type HttpConnection } from './http-connection.ts';
import { createPersonRequest, type PersonRequest } from './person-request.ts';
import { serveParent } from './processes.ts';

/**
 * The load generator: a closed loop over keep-alive connections, each with one request in flight. Run as a process of
 * its own (`load.ts` by `forkScript`), so that its CPU is measured apart from the server's. It samples the CPU of the
 * processes it has to watch itself, at the very edges of the measured window.
 */
export interface LoadOptions {
  port: number;
  path: string;
  connections: number;
  /** Before the window: connections open, pools fill, code gets compiled. */
  warmUpMs: number;
  windowMs: number;
  /** Ends the window early. */
  requestsMax: number;
  /** The first person's number; runs against one server give ranges that do not meet. */
  firstPerson: number;
  /** Form values that replace those of every person. */
  values?: Record<string, string>;
  /** Anything else than this status with this text in the body is counted as unexpected. */
  expected: { status: number; text: string };
  watched: WatchedProcess[];
}

export interface WatchedProcess {
  name: string;
  pid: number;
  /** A descendant that is not counted, nor its own. */
  exceptPid: number | null;
}

export interface LoadReport {
  requests: number;
  /** Requests with the warm-up's, all answered: what the server had to do in all. */
  requestsInAll: number;
  unexpected: number;
  /** The first unexpected answer, to be shown. */
  unexpectedSample: string | null;
  windowMs: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU in the window, µs, by watched name. */
  cpuUs: Record<string, number>;
  /** The generator's own. */
  loadCpuUs: number;
}

const SAMPLE_CHARACTERS_MAX = 500;
/** After the window, requests under way are waited for, so that what the server did can be counted exactly. */
const LAST_ANSWERS_MS_MAX = 30_000;

/** Runs one load to its end. Throws when a connection breaks: a number from a broken run means nothing. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  let reachMax: () => void = () => {};
  const maxReached = new Promise<void>((resolve) => {
    reachMax = resolve;
  });
  let reject: (error: Error) => void = () => {};
  const broken = new Promise<never>((_resolve, no) => {
    reject = no;
  });
  const expectedText = Buffer.from(options.expected.text);
  const latencies = createHistogram();
  let phase: 'warm-up' | 'window' | 'over' = 'warm-up';
  let requests = 0;
  let requestsInAll = 0;
  let answers = 0;
  let allAnswered: () => void = () => {};
  let unexpected = 0;
  let unexpectedSample: string | null = null;

  const check = (answer: HttpAnswerView): void => {
    if (answer.status === options.expected.status && answer.body.includes(expectedText)) return;
    unexpected += 1;
    unexpectedSample ??= `${answer.status} ${answer.body.toString('utf8').slice(0, SAMPLE_CHARACTERS_MAX)}`;
  };

  const open = async (): Promise<{ begin(): void; close(): void }> => {
    const request: PersonRequest = createPersonRequest(options.path, options.values);
    let sentAt = 0;
    const next = (): void => {
      request.become(options.firstPerson + requestsInAll);
      requestsInAll += 1;
      sentAt = performance.now();
      connection.send(request.bytes);
    };
    const connection: HttpConnection = await connect({
      port: options.port,
      onAnswer(answer) {
        check(answer);
        answers += 1;
        if (phase === 'over') {
          if (answers === requestsInAll) allAnswered();
          return;
        }
        if (phase === 'window') {
          latencies.record(Math.max(1, Math.round((performance.now() - sentAt) * 1e6)));
          requests += 1;
          if (requests === options.requestsMax) reachMax();
        }
        next();
      },
      onClose() {
        if (phase !== 'over' || answers < requestsInAll)
          reject(new Error(`port ${options.port} closed a connection under load`));
      },
    });
    return { begin: next, close: () => connection.close() };
  };

  const connections = await Promise.all(Array.from({ length: options.connections }, open));
  for (const connection of connections) connection.begin();
  await Promise.race([pause(options.warmUpMs), broken]);
  const window = beginWindow(options.watched);
  phase = 'window';
  await Promise.race([pause(options.windowMs), maxReached, broken]);
  phase = 'over';
  const { windowMs, cpuUs, loadCpuUs } = window.end();
  if (answers < requestsInAll) {
    const answered = new Promise<void>((yes) => {
      allAnswered = yes;
    });
    await Promise.race([answered, pause(LAST_ANSWERS_MS_MAX), broken]);
  }
  const unanswered = requestsInAll - answers;
  if (unanswered > 0) throw new Error(`port ${options.port} left ${unanswered} requests without an answer`);
  for (const connection of connections) connection.close();
  const ms = (share: number): number => latencies.percentile(share) / 1e6;
  return {
    requests,
    requestsInAll,
    unexpected,
    unexpectedSample,
    windowMs,
    p50Ms: ms(50),
    p99Ms: ms(99),
    cpuUs,
    loadCpuUs,
  };
}

/** Throws, with the cell's name, what makes its figures meaningless: no requests, or answers that are wrong. */
export function refuseBrokenReport(title: string, report: LoadReport): void {
  const { requests, unexpected, unexpectedSample } = report;
  if (unexpected > 0) throw new Error(`${title}: ${unexpected} unexpected answers, such as ${unexpectedSample}`);
  if (requests === 0) throw new Error(`${title}: no request was answered in the window, so there is nothing to report`);
}

function beginWindow(watched: readonly WatchedProcess[]) {
  const sample = (): number[] => watched.map((process) => treeCpuUs(process.pid, process.exceptPid));
  const before = sample();
  const own = process.cpuUsage();
  const startedAt = performance.now();
  return {
    end() {
      const windowMs = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(own);
      const after = sample();
      const cpuUs = Object.fromEntries(watched.map(({ name }, i) => [name, (after[i] ?? 0) - (before[i] ?? 0)]));
      return { windowMs, cpuUs, loadCpuUs: user + system };
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export const loadHandlers = { run: runLoad };

serveParent(import.meta.url, loadHandlers);
