import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PERSONS_MAX, readPerson } from './person-request.ts';
import { serveParent } from './processes.ts';

/** A buyer on this machine that takes every lead at once, and counts, also how often each person came. */
const ANSWER = JSON.stringify({ outcome: 'success' });
/** Questions below this path are for bids: they say nothing of a person and are not counted. */
const BIDS = '/bid/';
const BID = JSON.stringify({ outcome: 'success', price: 5 });

let deliveries = 0;
let unreadable = 0;
const byPerson = new Uint8Array(PERSONS_MAX);

export const recipientHandlers = {
  /** Starts to listen on a free port and answers it. */
  listen(_: null): Promise<number> {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        if (req.url?.startsWith(BIDS)) {
          res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': BID.length });
          res.end(BID);
          return;
        }
        count(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
        res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': ANSWER.length });
        res.end(ANSWER);
      });
    });
    server.keepAliveTimeout = 0;
    return new Promise((resolve) => {
      // listen() on a port always yields an AddressInfo.
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  },
  /** Deliveries since the process began. */
  deliveries(_: null): number {
    return deliveries;
  },
  /** How many persons of a range came never, once, and again; and bodies without a person since the process began. */
  persons({ first, count }: { first: number; count: number }) {
    const times = byPerson.subarray(first, first + count);
    const counts = { never: 0, once: 0, again: 0, unreadable };
    for (const each of times) counts[each === 0 ? 'never' : each === 1 ? 'once' : 'again'] += 1;
    return counts;
  },
};

function count(body: Buffer): void {
  deliveries += 1;
  const person = readPerson(body);
  if (person === null) unreadable += 1;
  else byPerson[person] = Math.min(255, (byPerson[person] ?? 0) + 1);
}

serveParent(import.meta.url, recipientHandlers);
