import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const read = (path: string) => ask(`${server.url}${path}`, {});

describe('GET /livez and /readyz', () => {
  it('answer anybody', async () => {
    expect(await read('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await read('/readyz')).toMatchObject({
      status: 200,
      body: {
        status: 'ready',
        checks: { database: 'ok', migrations: 'ok', lease: 'ok', clock: 'ok', warm: 'ok', serving: 'ok' },
      },
    });
  });

  it('/readyz is 503 while the database is away, and says so; /livez stays 200', async () => {
    const { database, ...connection } = server.database.connection;
    const admin = new pg.Client({ ...connection, database: 'postgres' });
    await admin.connect();
    await admin.query(`alter database ${database} with allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
    await until('not ready', async () => (await read('/readyz')).status === 503);
    const answer = await read('/readyz');
    expect(answer.body).toMatchObject({ code: 'unavailable', details: expect.anything() });
    expect(answer.body.details).toContainEqual({ path: 'database', message: 'The database does not answer.' });
    expect((await read('/livez')).status).toBe(200);
    await admin.query(`alter database ${database} with allow_connections true`);
    await admin.end();
    await until('ready again', async () => (await read('/readyz')).status === 200);
  });
});

describe('GET /metrics', () => {
  const metrics = async () => {
    const answer = await server.api('GET', '/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    return answer.text;
  };
  /** Of the series with exactly these labels and those of the worker. */
  const readSeries = (text: string, series: string) => {
    const [name = '', labels = ''] = series.replace('}', '').split('{');
    const wanted = [...labels.split(','), 'worker="1"']
      .filter((label) => label !== '')
      .sort()
      .join();
    const line = text.split('\n').find((each) => {
      const [, found, inside = ''] = /^(\w+)\{(.*)\} \S+$/.exec(each) ?? [];
      return (
        found === name &&
        inside
          .split(/,(?=\w+=")/)
          .sort()
          .join() === wanted
      );
    });
    return Number(line?.split(' ').at(-1) ?? Number.NaN);
  };

  it('takes a key that may read reports', async () => {
    expect((await read('/metrics')).status).toBe(401);
  });

  it('counts leads by outcome, phases, deliveries by module, refusals and calls', async () => {
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], NO_DUPLICATES));
    const before = await metrics();
    await server.submit(flow, { email: 'ada.metrics@example.com' });
    await ask(`${server.url}/flows/${flow.id}/sources/${flow.id}/submit`, { method: 'POST', body: '{}' });
    await server.api('GET', '/flows');
    const after = await metrics();
    const grown = (series: string) => readSeries(after, series) - (readSeries(before, series) || 0);
    expect(grown('sluice_leads_total{outcome="success"}')).toBe(1);
    expect(grown('sluice_lead_seconds_count')).toBe(2);
    expect(grown('sluice_phase_seconds_count{phase="respond"}')).toBe(1);
    expect(grown('sluice_deliveries_total{module="leadconduit-custom.outbound.json",outcome="success"}')).toBe(1);
    for (const queue of ['look', 'commit']) {
      expect(grown(`sluice_group_items_sum{queue="${queue}"}`)).toBeGreaterThan(0);
      expect(grown(`sluice_group_seconds_count{queue="${queue}"}`)).toBe(
        grown(`sluice_group_items_count{queue="${queue}"}`),
      );
    }
    for (const gauge of ['looks_waiting', 'commits_waiting', 'recipient_circuits_open'])
      expect(readSeries(after, `sluice_${gauge}`)).toBe(0);
    expect(grown('sluice_api_seconds_count{route="GET /flows",status="200"}')).toBe(1);
    expect(readSeries(after, 'sluice_lease_held')).toBe(1);
    expect(readSeries(after, 'sluice_retries_open')).toBe(0);
  });

  it('counts a lead that stops before the end', async () => {
    const flow = await server.deploy(flowOf([], { ...NO_DUPLICATES, enabled: false }));
    const before = await metrics();
    expect(await server.submit(flow, {})).toMatchObject({ status: 201, body: { outcome: 'error' } });
    const after = await metrics();
    const grown = (series: string) => readSeries(after, series) - (readSeries(before, series) || 0);
    expect(grown('sluice_leads_total{outcome="error"}')).toBe(1);
    expect(grown('sluice_phase_seconds_count{phase="lead-object"}')).toBe(1);
    expect(grown('sluice_phase_seconds_count{phase="steps"}')).toBe(0);
  });

  it('has no id and no value of a lead', async () => {
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], NO_DUPLICATES));
    const sent = await server.submit(flow, { email: 'grace.metrics@example.com', first_name: 'Gracia' });
    const text = await metrics();
    expect(text).not.toMatch(/[0-9a-f]{24}/);
    for (const value of ['grace.metrics', 'Gracia', sent.body.lead.id, server.key]) expect(text).not.toContain(value);
  });
});
