import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { fail, ok, type Result } from '../lib/result.ts';

/** The recipient of the demo: buys every lead and shows what it was sent. */
export interface DemoRecipient {
  url: string;
  close(): Promise<void>;
}

export const DEMO_HOST = '127.0.0.1';
const PRODUCT = 'sluice-demo-recipient';
const DELIVERIES_MAX = 50;
const BODY_BYTES_MAX = 65_536;
const PRICE_DOLLARS = 12.5;
const ASK_MS_MAX = 2_000;

interface Delivery {
  receivedAt: string;
  body: string;
}

/**
 * Listens on the loopback address. POST answers `{"outcome":"success","price":12.5}`, GET shows the last deliveries,
 * newest first. When another Sluice's demo recipient already has the port, that one is used.
 */
export async function openDemoRecipient(port: number): Promise<Result<DemoRecipient, string>> {
  const url = `http://${DEMO_HOST}:${port}/`;
  const deliveries: Delivery[] = [];
  const server = createServer((req, res) => answer(req, res, deliveries));
  const isListening = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, DEMO_HOST, () => resolve(true));
  });
  if (isListening) return ok({ url, close: () => close(server) });
  if (await isDemoRecipient(url)) return ok({ url, close: async () => undefined });
  return fail(`Port ${port} of the demo recipient is used by another program: set SLUICE_DEMO_PORT to a free one.`);
}

function answer(req: IncomingMessage, res: ServerResponse, deliveries: Delivery[]): void {
  if (req.method === 'POST') takeDelivery(req, res, deliveries);
  else answerJson(res, { status: 200, body: { product: PRODUCT, deliveries } });
}

function takeDelivery(req: IncomingMessage, res: ServerResponse, deliveries: Delivery[]): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  });
  req.on('end', () => {
    if (bytes > BODY_BYTES_MAX) {
      answerJson(res, { status: 413, body: { outcome: 'failure', reason: 'too large' } });
      return;
    }
    deliveries.unshift({ receivedAt: new Date().toISOString(), body: Buffer.concat(chunks).toString('utf8') });
    deliveries.splice(DELIVERIES_MAX);
    answerJson(res, { status: 200, body: { outcome: 'success', price: PRICE_DOLLARS } });
  });
  // A sender that closed the connection gets no answer.
  req.on('error', () => res.destroy());
}

function answerJson(res: ServerResponse, { status, body }: { status: number; body: unknown }): void {
  res.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`);
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function isDemoRecipient(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const req = get(url, { timeout: ASK_MS_MAX }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, BODY_BYTES_MAX);
      });
      res.on('end', () => resolve(text.includes(`"${PRODUCT}"`)));
      res.on('error', () => resolve(false));
    });
    req.on('timeout', () => req.destroy());
    req.on('error', () => resolve(false));
  });
}
