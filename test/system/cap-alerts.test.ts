import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../client/src/webhooks.ts';
import type { Delivery } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

interface Reached {
  threshold: number;
  count: number;
  cap: { id: string; name: string };
  flow: { id: string };
}

describe('alerts of caps', () => {
  it('are posted signed when a cap reaches 80 and 100 %, once each', async () => {
    const made = await server.api('PUT', '/account/cap_alerts', { url: `${server.recipient.url}caps` });
    const { secret } = made.body;
    const read = async (delivery: Delivery | undefined) => verify<Reached>(delivery as Delivery, { secret });

    const tested = await server.api('POST', '/account/cap_alerts/test');
    expect(tested.body).toMatchObject({ fault: null, response: { status: 200 } });
    expect((await read(server.recipient.deliveries[0])).type).toBe('cap.test');

    const caps = [{ type: 'volume' as const, name: 'Five', maximum: 5, duration: 1, duration_units: 'month' as const }];
    const flow = await server.deploy(flowOf([], { caps }));
    for (let lead = 0; lead < 4; lead += 1) await server.submit(flow, { first_name: 'Ann' });
    await server.recipient.arrival(2);
    expect(await read(server.recipient.deliveries[1])).toMatchObject({
      type: 'cap.threshold_reached',
      data: { threshold: 80, count: 4, cap: { name: 'Five' }, flow: { id: flow.id } },
    });
    for (let lead = 0; lead < 3; lead += 1) await server.submit(flow, { first_name: 'Ann' });
    await until('both were received', async () => {
      const { recent } = (await server.api('GET', '/account/cap_alerts')).body;
      return recent.length === 2 && recent.every(({ state }: { state: string }) => state === 'sent');
    });
    const received = server.recipient.deliveries.slice(1);
    expect(await Promise.all(received.map(async (each) => (await read(each)).data.threshold))).toEqual([80, 100]);
    const stored = await server.query('select body from cap_alerts');
    expect(JSON.stringify([stored, received])).not.toContain(secret);
  });
});
