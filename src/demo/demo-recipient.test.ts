import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type DemoRecipient, openDemoRecipient } from './demo-recipient.ts';

const opened: DemoRecipient[] = [];
afterEach(async () => {
  for (const recipient of opened.splice(0)) await recipient.close();
});

async function open(port: number): Promise<DemoRecipient> {
  const recipient = await openDemoRecipient(port);
  if (!recipient.ok) throw new Error(recipient.error);
  opened.push(recipient.value);
  return recipient.value;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP server has a port
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('openDemoRecipient', () => {
  it('buys what it is sent and shows it', async () => {
    const { url } = await open(await freePort());
    const answer = await fetch(url, { method: 'POST', body: '{"state":"TX"}' });
    expect(await answer.json()).toEqual({ outcome: 'success', price: 12.5 });
    expect(await (await fetch(url)).json()).toMatchObject({ deliveries: [{ body: '{"state":"TX"}' }] });
  });

  it('keeps the last 50 deliveries and no large ones', async () => {
    const { url } = await open(await freePort());
    for (let n = 0; n < 52; n += 1) await fetch(url, { method: 'POST', body: String(n) });
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(70_000) })).status).toBe(413);
    const { deliveries } = (await (await fetch(url)).json()) as { deliveries: { body: string }[] };
    expect(deliveries.map(({ body }) => body)).toEqual(Array.from({ length: 50 }, (_, n) => String(51 - n)));
  });

  it('shares the port with another Sluice’s demo', async () => {
    const port = await freePort();
    const first = await open(port);
    expect((await open(port)).url).toBe(first.url);
  });

  it('names the setting when another program has the port', async () => {
    const other = createServer((_req, res) => res.end('hello'));
    const port = await listen(other);
    expect(await openDemoRecipient(port)).toEqual({ ok: false, error: expect.stringContaining('SLUICE_DEMO_PORT') });
    await new Promise((resolve) => {
      other.close(resolve);
      other.closeAllConnections();
    });
  });
});
