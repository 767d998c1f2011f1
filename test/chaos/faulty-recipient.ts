import { openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from '../../bench/processes.ts';

/** What a buyer does with a delivery. `isTaken`: it may have been sold, so it must not come a second time. */
interface Fault {
  name: string;
  /** How often, against the sum of all. */
  weight: number;
  isTaken: boolean;
  answer(req: IncomingMessage, res: ServerResponse): void;
}

const SUCCESS = JSON.stringify({ outcome: 'success', price: 2 });
/** Longer than the step's time limit. */
const HANG_MS = 4_000;
const SLOW_MS = 300;

const FAULTS: readonly Fault[] = [
  { name: 'ok', weight: 80, isTaken: true, answer: (_, res) => res.writeHead(200, JSON_TYPE).end(SUCCESS) },
  {
    name: 'slow',
    weight: 5,
    isTaken: true,
    answer: (_, res) => later(SLOW_MS, () => res.writeHead(200, JSON_TYPE).end(SUCCESS)),
  },
  {
    name: 'refused',
    weight: 4,
    isTaken: true,
    answer: (_, res) => res.writeHead(200, JSON_TYPE).end('{"outcome":"failure"}'),
  },
  { name: 'error', weight: 4, isTaken: false, answer: (_, res) => res.writeHead(500).end('broken') },
  { name: 'garbage', weight: 2, isTaken: true, answer: (_, res) => res.writeHead(200, JSON_TYPE).end('{"outc') },
  { name: 'dropped', weight: 2, isTaken: true, answer: (req) => req.socket.destroy() },
  { name: 'half', weight: 1, isTaken: true, answer: (req, res) => half(req, res) },
  { name: 'long', weight: 1, isTaken: true, answer: (_, res) => res.writeHead(200).end(Buffer.alloc(3_000_000, 'x')) },
  { name: 'hung', weight: 1, isTaken: true, answer: (req) => later(HANG_MS, () => req.socket.destroy()) },
];
const JSON_TYPE = { 'Content-Type': 'application/json' };
const WEIGHTS = FAULTS.reduce((sum, { weight }) => sum + weight, 0);

/** `/deliver/<lead id>/<step id>` */
const DELIVERY = /^\/deliver\/([0-9a-f]{24})\/([0-9a-f]{24})$/;

const servers: Server[] = [];
let isHealthy = false;

export const faultyRecipientHandlers = {
  /**
   * Starts `count` buyers on free ports and answers their ports. A line of the log is written before the answer: `lead
   * id, step id, fault, taken or not, idempotency key or -`.
   */
  async listen({ count, logPath }: { count: number; logPath: string }): Promise<number[]> {
    const log = openSync(logPath, 'a');
    return Promise.all(Array.from({ length: count }, () => listenOne(log)));
  },
  /** From now on every delivery is taken at once. */
  heal(_: null): void {
    isHealthy = true;
  },
};

function listenOne(log: number): Promise<number> {
  const server = createServer((req, res) => {
    const [, leadId, stepId] = DELIVERY.exec(req.url ?? '') ?? [];
    req.resume();
    req.on('end', () => {
      const fault = drawFault();
      const key = req.headers['idempotency-key'] ?? '-';
      writeSync(log, `${leadId} ${stepId} ${fault?.name} ${fault?.isTaken ? 'taken' : 'not'} ${key}\n`);
      fault?.answer(req, res);
    });
  });
  servers.push(server);
  return new Promise((resolve) => {
    // listen() on a port always yields an AddressInfo.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function drawFault(): Fault | undefined {
  if (isHealthy) return FAULTS[0];
  let left = Math.random() * WEIGHTS;
  return FAULTS.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
}

function half(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { ...JSON_TYPE, 'Content-Length': SUCCESS.length });
  res.write(SUCCESS.slice(0, 5), () => req.socket.destroy());
}

function later(ms: number, act: () => void): void {
  setTimeout(act, ms).unref();
}

serveParent(import.meta.url, faultyRecipientHandlers);
