import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { serveParent } from './processes.ts';

/** Buyers on ports of their own that note when each lead reached them, bid for it, and may hang on request. */
export interface Arrival {
  leadId: string;
  /** Of the buyer, from 0. */
  place: number;
  isBid: boolean;
  /** Epoch ms, with a fraction. */
  at: number;
}

const ANSWER = JSON.stringify({ outcome: 'success' });
/** `/deliver/<lead id>` or `/bid/<lead id>` */
const REQUEST = /^\/(deliver|bid)\/([0-9a-f]{24})$/;
const PRICES = 9_973;

/** What the buyer at a place bids for a lead, dollars: another price for each lead, and the same one each time. */
export function bidAt(place: number, leadId: string): number {
  return 1 + ((Number.parseInt(leadId.slice(-10), 16) * (2 * place + 1)) % PRICES) / 100;
}

const hung = new Set<number>();
let arrivals: Arrival[] = [];

export const watchedRecipientHandlers = {
  /** Starts so many and answers their ports. */
  listen({ count }: { count: number }): Promise<number[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => listenOne(index)));
  },
  /** Which of them take a request and never answer, by their place. */
  hang({ places }: { places: number[] }): void {
    hung.clear();
    for (const place of places) hung.add(place);
  },
  /** What has arrived since this was asked last. */
  takeArrivals(_: null): Arrival[] {
    const taken = arrivals;
    arrivals = [];
    return taken;
  },
};

function listenOne(place: number): Promise<number> {
  const server = createServer((req, res) => {
    const [, what, leadId = ''] = REQUEST.exec(req.url ?? '') ?? [];
    const isBid = what === 'bid';
    arrivals.push({ leadId, place, isBid, at: performance.timeOrigin + performance.now() });
    req.resume();
    if (hung.has(place)) return;
    req.on('end', () => {
      const answer = isBid ? JSON.stringify({ outcome: 'success', price: bidAt(place, leadId) }) : ANSWER;
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
      res.end(answer);
    });
  });
  server.keepAliveTimeout = 0;
  return new Promise((resolve) => {
    // listen() on a port always yields an AddressInfo.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

serveParent(import.meta.url, watchedRecipientHandlers);
