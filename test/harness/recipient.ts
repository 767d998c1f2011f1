import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './until.ts';

/** One request that a recipient got. */
export interface Delivery {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a recipient answers; the body is sent as JSON unless it is a text. `hangUp` ends the connection unanswered. */
export type RecipientAnswer = { status?: number; headers?: Record<string, string>; body: unknown } | 'hangUp';

/** A recipient of leads on a port of its own, whose answers a test scripts. */
export interface TestRecipient {
  url: string;
  port: number;
  /** In order of arrival. */
  deliveries: Delivery[];
  /** How every further delivery is answered; at first each is bought for 12.5 dollars. */
  answerWith(script: (delivery: Delivery) => RecipientAnswer | Promise<RecipientAnswer>): void;
  /** Resolves when so many deliveries have come in all. */
  arrival(count: number): Promise<void>;
  close(): Promise<void>;
}

const BUYS: RecipientAnswer = { body: { outcome: 'success', price: 12.5 } };

export async function openTestRecipient(): Promise<TestRecipient> {
  const deliveries: Delivery[] = [];
  let script: (delivery: Delivery) => RecipientAnswer | Promise<RecipientAnswer> = () => BUYS;
  const server = createServer((req, res) => {
    void readBody(req).then(async (body) => {
      const delivery = { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body };
      deliveries.push(delivery);
      const answer = await script(delivery);
      if (answer === 'hangUp') return res.destroy();
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      return res.writeHead(answer.status ?? 200, { 'Content-Type': 'application/json', ...answer.headers }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    deliveries,
    answerWith: (next) => {
      script = next;
    },
    arrival: (count) => until(`${count} deliveries`, () => deliveries.length >= count),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer); // no encoding is set, so chunks are buffers
  return Buffer.concat(chunks).toString('utf8');
}
