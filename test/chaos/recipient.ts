import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from '../../bench/processes.ts';

/**
 * A buyer that outlives every kill and writes down each delivery before it answers. Its log is the witness: what it
 * holds has left the house, whatever the server remembers. A line is `lead id, step id, phone, epoch ms`, with blanks between.
 */
const ANSWER = JSON.stringify({ outcome: 'success' });
/** `/deliver/<lead id>/<step id>/<phone>` */
const DELIVERY = /^\/deliver\/([0-9a-f]{24})\/([0-9a-f]{24})\/(\d+)$/;

export const recipientHandlers = {
  /** Starts to listen on a free port and answers it. Each answer waits up to `delayMsMax`, by chance, so that deliveries are under way when a kill comes and leads do not move in step. */
  listen(options: { logPath: string; delayMsMax: number }): Promise<number> {
    const log = openSync(options.logPath, 'a');
    const server = createServer((req, res) => {
      const [, leadId, stepId, phone] = DELIVERY.exec(req.url ?? '') ?? [];
      req.resume();
      if (leadId === undefined || stepId === undefined || phone === undefined) {
        res.writeHead(404).end();
        return;
      }
      writeSync(log, `${leadId} ${stepId} ${phone} ${Date.now()}\n`);
      setTimeout(() => {
        res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': ANSWER.length });
        res.end(ANSWER);
      }, Math.random() * options.delayMsMax);
    });
    return new Promise((resolve) => {
      // listen() on a port always yields an AddressInfo.
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  },
};

serveParent(import.meta.url, recipientHandlers);
