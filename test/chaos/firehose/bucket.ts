import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from '../../../bench/processes.ts';

/**
 * A bucket that outlives every kill and writes down each object before it answers: as much of the protocol of S3 and of
 * Azure as writing objects takes. A line of its log is `lead id, event id, hash of the body`, with blanks between.
 */
const OBJECT = /([0-9a-f]{24})\/([0-9a-f]{24})\.json$/;

let server: Server | null = null;
let port = 0;

function open(logPath: string): Promise<number> {
  const log = openSync(logPath, 'a');
  const opened = createServer((req, res) => {
    const [, leadId, eventId] = OBJECT.exec(req.url ?? '') ?? [];
    const hash = createHash('sha256');
    req.on('data', (chunk: Buffer) => hash.update(chunk));
    req.on('end', () => {
      if (req.method === 'PUT' && leadId !== undefined) writeSync(log, `${leadId} ${eventId} ${hash.digest('hex')}\n`);
      res.writeHead(201).end();
    });
  });
  server = opened;
  return new Promise((resolve) => {
    // listen() on a port always yields an AddressInfo.
    opened.listen(port, '127.0.0.1', () => resolve((opened.address() as AddressInfo).port));
  });
}

export const bucketHandlers = {
  /** Starts to listen: on a free port, or on the one it had; answers it. */
  async listen({ logPath }: { logPath: string }): Promise<number> {
    port = await open(logPath);
    return port;
  },
  /** Refuses every connection from now on, and ends those there are. */
  async goDown(): Promise<void> {
    const closing = server;
    server = null;
    await new Promise<void>((resolve) => {
      if (!closing) return resolve();
      closing.close(() => resolve());
      closing.closeAllConnections();
    });
  },
};

serveParent(import.meta.url, bucketHandlers);
