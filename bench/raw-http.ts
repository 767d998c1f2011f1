import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from './processes.ts';

/**
 * The yardstick: what node:http alone can do on this machine when it reads a form body and sends it back. Nothing
 * that answers the same request through Node can be faster.
 */
export const rawHttpHandlers = {
  /** Starts to listen on a free port and answers it. */
  listen(_: null): Promise<number> {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const body = Buffer.concat(chunks);
        res.writeHead(201, { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length });
        res.end(body);
      });
    });
    return new Promise((resolve) => {
      // listen() on a port always yields an AddressInfo.
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  },
};

serveParent(import.meta.url, rawHttpHandlers);
