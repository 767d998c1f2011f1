import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { instantOfId } from '../../src/lib/ids.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import type { Log } from '../../src/observe/log.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, NO_DUPLICATES } from './flows.ts';

const DAY = 86_400_000;

let right: ComposedServer;
let lines: { level: string; fields: Record<string, unknown>; sentence: string }[];

beforeAll(async () => {
  right = await startTestServer();
});
afterAll(() => right.stop());

function aheadBy(ms: number): Clock {
  return { now: () => systemClock.now() + ms, monotonic: systemClock.monotonic };
}

/** Another server on the same database, on a machine whose clock is that far ahead. */
async function besideBy<T>(ms: number, use: (url: string) => Promise<T>): Promise<T> {
  lines = [];
  const noteAs = (level: string) => (fields: Record<string, unknown>, sentence: string) =>
    lines.push({ level, fields, sentence });
  const log: Log = { error: noteAs('error'), warn: noteAs('warn'), info: noteAs('info'), debug: noteAs('debug') };
  const server = await right.startBeside({ machineClock: aheadBy(ms), log });
  try {
    return await use(server.url);
  } finally {
    await server.stop();
  }
}

/** A person is sold once in a week. */
const LOOKED_BACK: Partial<FlowDocument> = {
  ...NO_DUPLICATES,
  list_checks: {
    duplicate: { value: '{{lead.email}}', list_name: 'People', lookback: { value: 7, interval: 'day' } },
  },
};

async function post(url: string, flow: { id: string; sources: { entity: { id: string } }[] }, email: string) {
  const res = await fetch(`${url}/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  // An edge: the answer of a source, or of a refusal.
  return { status: res.status, body: (await res.json()) as { outcome: string; lead: { id: string } } };
}

it.each([30 * DAY, -30 * DAY])(
  'a server that is %d ms ahead takes no leads, and its status and log say why',
  async (ms) => {
    const flow = await right.deploy(flowOf([deliveryTo(right.recipient.url)], LOOKED_BACK));
    await besideBy(ms, async (url) => {
      const answer = await post(url, flow, 'ann@example.com');
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      const status = await (await fetch(`${url}/status`)).json();
      const reason = expect.stringMatching(
        /clock of this machine is 2592000 s (ahead of|behind) the database's: let NTP/,
      );
      expect(status).toMatchObject({ status: 'no_leads', reason });
      expect(lines).toContainEqual({
        level: 'error',
        fields: { ahead_ms: expect.closeTo(ms, -3), reason },
        sentence: 'new leads are refused until the clock is right',
      });
    });
  },
);

it.each([20_000, -20_000])(
  'leads of a server that is %d ms ahead get the database’s time, and the log warns',
  async (ms) => {
    const flow = await right.deploy(flowOf([deliveryTo(right.recipient.url)], LOOKED_BACK));
    const { body } = await besideBy(ms, (url) => post(url, flow, `bob${ms}@example.com`));
    expect(body.outcome).toBe('success');
    const [row] = await right.query(
      `select extract(epoch from clock_timestamp() - submitted_at)::float8 as age from leads where id = $1`,
      [body.lead.id],
    );
    expect(Number(row?.['age'])).toBeGreaterThanOrEqual(0);
    expect(Number(row?.['age'])).toBeLessThan(15);
    const [now] = await right.query('select (extract(epoch from clock_timestamp()) * 1000)::float8 as now');
    expect(Math.abs(Number(now?.['now']) - instantOfId(body.lead.id))).toBeLessThan(15_000);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect((await right.submit(flow, { email: `bob${ms}@example.com` })).body).toMatchObject({ reason: 'duplicate' });
  },
);

it('a server whose clock is right says nothing of it', async () => {
  await besideBy(0, async (url) => {
    expect(await (await fetch(`${url}/status`)).json()).toMatchObject({ status: 'ok' });
    expect(lines.filter(({ sentence }) => sentence.includes('clock'))).toEqual([]);
  });
});
