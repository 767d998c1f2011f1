import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from '../../bench/processes.ts';

/**
 * Buyers that outlive every kill and write down each delivery before they answer. Their log is the witness: what it
 * holds has left the house, whatever the server remembers. A line is `lead id, step id, phone, epoch ms, what became of
 * it, idempotency key or -`, with blanks between.
 */
const ANSWER = JSON.stringify({ outcome: 'success' });
/** `/<manner>/<lead id>/<step id>/<phone>`; what asks for a bid is no delivery. */
const DELIVERY = /^\/(deliver|flaky|failing|bid)\/([0-9a-f]{24})\/([0-9a-f]{24})\/(\d+)$/;

/** What a flaky buyer does, and how often of a hundred; a `deliver` one always does the first. */
const MANNERS: readonly Manner[] = [
  { of100: 60, isBought: true, reply: 'answer' },
  { of100: 25, isBought: false, reply: 'refuse' },
  { of100: 8, isBought: true, reply: 'hang up' },
  { of100: 7, isBought: false, reply: 'hang up' },
];

/**
 * A failing one takes a lead or answers that it cannot: what may have arrived comes from kills alone. Seldom enough for
 * its circuit to stay closed.
 */
const FAILING: readonly Manner[] = [
  { of100: 70, isBought: true, reply: 'answer' },
  { of100: 30, isBought: false, reply: 'refuse' },
];

interface Manner {
  of100: number;
  isBought: boolean;
  reply: 'answer' | 'refuse' | 'hang up';
}
function chooseManner(manners: readonly Manner[]): Manner | undefined {
  let left = Math.random() * 100;
  return manners.find(({ of100 }) => {
    left -= of100;
    return left < 0;
  });
}

/** What a recipient bids for a person, dollars: another price for each, and the same one each time. */
export function bidOf({ stepId, phone }: { stepId: string; phone: string }): number {
  return 1 + createHash('sha256').update(`${stepId} ${phone}`).digest().readUInt16BE(0) / 100;
}

export const recipientHandlers = {
  /** Starts to listen on a free port and answers it. Each answer waits up to `delayMsMax`, by chance, so that deliveries are under way when a kill comes and leads do not move in step. */
  listen(options: { logPath: string; delayMsMax: number }): Promise<number> {
    const log = openSync(options.logPath, 'a');
    const boughtKeys = new Set<string>();
    const server = createServer((req, res) => {
      const [, manner, leadId, stepId, phone] = DELIVERY.exec(req.url ?? '') ?? [];
      req.resume();
      if (leadId === undefined || stepId === undefined || phone === undefined) {
        res.writeHead(404).end();
        return;
      }
      if (manner === 'bid') {
        res.writeHead(200, { 'Content-Type': 'application/json' });
        res.end(JSON.stringify({ outcome: 'success', price: bidOf({ stepId, phone }) }));
        return;
      }
      const key = req.headers['idempotency-key']?.toString() ?? '-';
      const isKnown = boughtKeys.has(key);
      const manners = manner === 'failing' ? FAILING : manner === 'flaky' ? MANNERS : [];
      const { isBought = true, reply = 'answer' } = isKnown ? {} : (chooseManner(manners) ?? {});
      if (isBought && key !== '-') boughtKeys.add(key);
      writeSync(log, `${leadId} ${stepId} ${phone} ${Date.now()} ${isBought ? 'bought' : 'refused'} ${key}\n`);
      setTimeout(() => {
        if (reply === 'hang up') return res.destroy();
        res.writeHead(reply === 'answer' ? 200 : 503, { 'Content-Type': 'application/json' });
        return res.end(reply === 'answer' ? ANSWER : '{}');
      }, Math.random() * options.delayMsMax);
    });
    return new Promise((resolve) => {
      // listen() on a port always yields an AddressInfo.
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  },
};

serveParent(import.meta.url, recipientHandlers);
