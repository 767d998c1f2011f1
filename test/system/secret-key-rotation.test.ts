import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { RunningServer } from '../../src/server/server-options.ts';
import { countSealedBefore, SEALED_COLUMNS, sealAgain } from '../../src/store/postgres/seal-again.ts';
import { createSecretBox } from '../../src/store/secret-box.ts';
import { startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';

/** Bytes that are no secrets: hashes, and a key that never changes. */
const NOT_SEALED = [
  'api_key_secrets.key_hash',
  // Signed, to be shown.
  'erasure_receipts.signature',
  // Ids, twelve bytes each.
  'event_tallies.first_id',
  'event_tallies.last_id',
  'event_tallies_by_day.first_id',
  'event_tallies_by_day.last_id',
  // Files of days (decision page 0095).
  'export_parts.content',
  'invitations.token_hash',
  'list_items.value',
  'posting_links.token_hash',
  'reports.share_hash',
  'resubmission_calls.request_hash',
  'sessions.token_hash',
  'welcome_links.token_hash',
];

it('a new SLUICE_SECRET_KEY comes in while two servers take leads, and the old one goes', async () => {
  const [before, after] = [randomBytes(32), randomBytes(32)];
  const server = await startTestServer();
  const pool = new pg.Pool({ ...server.database.connection, max: 1 });
  const { config } = server;
  const start = (secretKey: Buffer, secretKeyPrevious: Buffer | null) =>
    server.startBeside({ secretKey, config: { ...config, port: 0, secretKeyPrevious } });
  const rotating = createSecretBox(after, randomBytes, before);
  // First both read both keys and write the old one, then one after the other writes the new one.
  const first = await start(before, after);
  const second = await start(before, after);
  const running = new Set([first, second]);
  const stop = async (one: RunningServer) => {
    running.delete(one);
    await one.stop();
  };
  try {
    const ask = async (url: string, path: string, body: object) => {
      const authorization = `Basic ${Buffer.from(`api:${server.key}`).toString('base64')}`;
      const headers = { authorization, 'Content-Type': 'application/json' };
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.status, path).toBeLessThan(300);
      return answer.json() as Promise<{ id: string }>;
    };
    const user = { name: 'CRM', type: 'user', username: 'acme', password: 'blue-lantern-77' };
    const { id } = await ask(first.url, '/credentials', user);
    await ask(first.url, '/pricing_services', { name: 'Rates', url: server.recipient.url, variables: [] });
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url, { credential_id: id })]));
    const submit = async (url: string) => {
      const path = `${url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(path, { method: 'POST', headers, body: '{"email":"ann@example.com"}' });
      return ((await answer.json()) as { outcome: string }).outcome;
    };
    /** Until the server has heard of the deploy. */
    const settle = (url: string) => until('the flow runs', async () => (await submit(url)) === 'success');
    const outcomes: Promise<string>[] = [];
    const load = (urls: string[]) => {
      for (const url of [...urls, ...urls, ...urls]) outcomes.push(submit(url));
    };
    await Promise.all([settle(first.url), settle(second.url)]);
    load([first.url, second.url]);
    const third = await start(after, before);
    running.add(third);
    await settle(third.url);
    load([second.url, third.url]);
    // Written with the old key by one server while the other writes the new one.
    await ask(second.url, '/credentials', { ...user, name: 'Of the second' });
    await ask(third.url, '/credentials', { ...user, name: 'Of the third' });
    await Promise.all(outcomes);
    await Promise.all([stop(first), stop(second)]);
    load([third.url]);
    expect(await countSealedBefore(pool, rotating)).toBeGreaterThan(0);
    const passes = await Promise.all([sealAgain(pool, rotating), sealAgain(pool, rotating)]);
    expect(passes[0].unreadable + passes[1].unreadable).toBe(0);
    expect(passes[0].sealed + passes[1].sealed).toBeGreaterThanOrEqual(3);
    expect(await sealAgain(pool, rotating)).toEqual({ sealed: 0, unreadable: 0, left: 0 });
    expect(await countSealedBefore(pool, rotating)).toBe(0);
    load([third.url]);
    const alone = await start(after, null);
    running.add(alone);
    await settle(alone.url);
    load([alone.url]);
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['success']));
    const sent = new Set(server.recipient.deliveries.map(({ headers }) => headers.authorization));
    expect(sent).toEqual(new Set([`Basic ${Buffer.from('acme:blue-lantern-77').toString('base64')}`]));
  } finally {
    await Promise.all([...running].map(stop));
    await pool.end();
    await server.stop();
  }
});

it('every column with sealed bytes is encrypted anew', async () => {
  const server = await startTestServer();
  try {
    const rows = await server.query(
      `select c.table_name || '.' || c.column_name as name from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = current_schema() and c.data_type = 'bytea' and t.table_type = 'BASE TABLE'`,
    );
    const sealed = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    const unknown = rows.map(({ name }) => String(name)).filter((name) => ![...sealed, ...NOT_SEALED].includes(name));
    expect(unknown).toEqual([]);
  } finally {
    await server.stop();
  }
});
