import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from './processes.ts';

/** A buyer on this machine that takes every lead at once, and counts. */
const ANSWER = JSON.stringify({ outcome: 'success' });

let deliveries = 0;

export const recipientHandlers = {
  /** Starts to listen on a free port and answers it. */
  listen(_: null): Promise<number> {
    const server = createServer((req, res) => {
      req.resume();
      req.on('end', () => {
        deliveries += 1;
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
};

serveParent(import.meta.url, recipientHandlers);
