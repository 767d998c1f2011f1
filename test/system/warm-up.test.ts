import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAuthorization } from '../../client/src/authorization.ts';
import type { Cap } from '../../src/model/cap.ts';
import type { Log } from '../../src/observe/log.ts';
import type { RunningServer } from '../../src/server/server-options.ts';
import { ask, type ComposedServer, type SubmitTarget, startTestServer, submit } from '../harness/server.ts';
import { TEST_SCHEMA } from '../harness/test-schema.ts';
import { deliveryTo, flowOf } from './flows.ts';

/** Long enough for some leads, on a busy machine too. */
const WARM_SECONDS = 2;
/** The sentences of a warm-up in the log. */
const WARMED = 'warmed up with made-up leads';

let server: ComposedServer;
let flow: SubmitTarget;

beforeAll(async () => {
  server = await startTestServer();
  const cap: Cap = { type: 'volume', maximum: 1, duration: 1, duration_units: 'day', time_zone: 'UTC' };
  flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { caps: [cap] }));
});
afterAll(() => server.stop());

interface Line {
  fields: Record<string, unknown>;
  sentence: string;
}

/** Another server over the same database, which warms up; the lines it logs. */
async function startWarming(): Promise<{ warm: RunningServer; lines: Line[] }> {
  const lines: Line[] = [];
  const write: Log['info'] = (fields, sentence) => void lines.push({ fields, sentence });
  const warm = await server.startBeside({
    config: { ...server.config, port: 0, warmSeconds: WARM_SECONDS },
    log: { error: write, warn: write, info: write, debug: write },
  });
  return { warm, lines };
}

/** Rows of every table, but for those of server processes, and of what this test asked the first server for, which writes it a second later. */
async function countRows(): Promise<Record<string, number>> {
  const tables = await server.query(
    `select relname as name from pg_class
     where relnamespace = $1::regnamespace and relkind in ('r', 'p') and relname not in ('nodes', 'job_pools', 'key_requests') order by relname`,
    [TEST_SCHEMA],
  );
  const counts: [string, number][] = [];
  for (const { name } of tables) {
    const [row] = await server.query(
      `select count(*)::int as count from ${TEST_SCHEMA}.${pg.escapeIdentifier(String(name))}`,
    );
    counts.push([String(name), Number(row?.['count'])]);
  }
  return Object.fromEntries(counts);
}

describe('a server that warms up', () => {
  let warm: RunningServer;
  let lines: Line[];
  let before: Record<string, number>;
  /** The answers of /readyz and /status before it was warm. */
  let early: Awaited<ReturnType<typeof ask>>[];

  beforeAll(async () => {
    before = await countRows();
    ({ warm, lines } = await startWarming());
    early = await Promise.all(['/readyz', '/status'].map((path) => ask(`${warm.url}${path}`, {})));
    await warm.warmed;
  });
  afterAll(() => warm.stop());

  it('is not ready and says why, and is ready when it is warm', async () => {
    const [readiness, status] = early;
    expect(readiness).toMatchObject({ status: 503, body: { details: [{ path: 'warm' }] } });
    expect(status).toMatchObject({ status: 200, body: { status: 'no_leads', problems: [{ check: 'warm' }] } });
    expect((await ask(`${warm.url}/readyz`, {})).body).toMatchObject({ status: 'ready', checks: { warm: 'ok' } });
  });

  it('has run made-up leads, and logs one line that says how many, how long and why it stopped', () => {
    const warmed = lines.filter(({ sentence }) => sentence === WARMED);
    expect(warmed).toHaveLength(1);
    expect(warmed[0]?.fields).toMatchObject({ end: expect.stringMatching(/^(bound|steady)$/), ms: expect.any(Number) });
    expect(warmed[0]?.fields['leads']).toBeGreaterThan(16);
    // What a server without leads writes anyway.
    const others = [WARMED, 'call', 'job', 'the configuration of an account has changed'];
    expect(lines.filter(({ sentence }) => !others.includes(sentence))).toEqual([]);
  });

  it('leaves no row in any table', async () => {
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['leads', 'events', 'runs', 'intents', 'list_items']));
    expect(await countRows()).toEqual(before);
  });

  it('sends nothing to the recipients of the flows', () => {
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('counts nothing', async () => {
    const { text } = await ask(`${warm.url}/metrics`, { headers: { Authorization: buildAuthorization(server.key) } });
    expect(text).toContain('sluice_lead_seconds_count{worker="1"} 0');
    expect(text).not.toMatch(/sluice_(?:leads|deliveries)_total\{/);
    expect(text).not.toMatch(/sluice_group_items_count\{[^}]*\} [1-9]/);
    expect(text).toContain('sluice_leads_running{worker="1"} 0');
  });

  it('leaves no connection of its own', async () => {
    await expect
      .poll(() =>
        server.query(
          "select from pg_stat_activity where application_name = 'sluice warm-up' and datname = current_database()",
        ),
      )
      .toEqual([]);
  });

  it('leaves the place of the cap to the first real lead', async () => {
    const reply = await submit(warm.url, { flow, values: { email: 'ada.warm@example.com' }, how: {} });
    expect(reply.body).toMatchObject({ outcome: 'success' });
    expect(server.recipient.deliveries).toHaveLength(1);
  });
});

describe('a server whose warm-up meets a locked table', () => {
  it('is ready at the bound, and stops', async () => {
    const client = new pg.Client(server.database.connection);
    await client.connect();
    await client.query('begin');
    await client.query(`lock table ${TEST_SCHEMA}.intents in access exclusive mode`);
    try {
      const { warm, lines } = await startWarming();
      await warm.warmed;
      expect(lines).toContainEqual({ sentence: WARMED, fields: expect.objectContaining({ end: 'bound', leads: 0 }) });
      expect((await ask(`${warm.url}/readyz`, {})).status).toBe(200);
      await client.query('rollback');
      await warm.stop();
    } finally {
      await client.end();
    }
  });
});

describe('a server that stops while it warms up', () => {
  it('ends the warm-up first', async () => {
    const { warm, lines } = await startWarming();
    await warm.stop();
    expect(lines).toContainEqual({ sentence: WARMED, fields: expect.objectContaining({ end: 'stopped' }) });
  });
});
