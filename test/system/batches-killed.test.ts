import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { ask, type SubmitTarget } from '../harness/server.ts';
import { openTestSftpServer, type TestSftpServer } from '../harness/sftp-server.ts';
import { buildSluice, type SluiceProcess, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { flowOf } from './flows.ts';

const key = randomBytes(16).toString('hex');
const headers = {
  Authorization: `Basic ${Buffer.from(`API:${key}`).toString('base64')}`,
  'Content-Type': 'application/json',
};

let database: TestDatabase;
let sftp: TestSftpServer;
let pool: pg.Pool;
beforeAll(async () => {
  await buildSluice();
  [database, sftp] = await Promise.all([createTestDatabase(), openTestSftpServer()]);
  pool = new pg.Pool({ ...database.connection, max: 2 });
});
afterAll(async () => {
  await Promise.all([pool.end(), sftp.close()]);
  await database.drop();
});

const start = () => startSluiceProcess(database, { SLUICE_ADMIN_API_KEY: key });

async function api(sluice: SluiceProcess, method: string, path: string, body?: object) {
  const reply = await ask(`${sluice.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply.body;
}

async function makeBatch(sluice: SluiceProcess, folder: string): Promise<{ batch: string; flow: SubmitTarget }> {
  const { port, username, password } = sftp;
  const server = { name: 'Files', type: 'sftp', host: '127.0.0.1', port, username, password };
  const { id: credential_id } = await api(sluice, 'POST', '/credentials', server);
  const { id: batch } = await api(sluice, 'POST', '/batches', {
    ...{ name: folder, columns: [{ name: 'lead' }], header: false, rows_max: 40 },
    target: { type: 'sftp', credential_id, path: `/${folder}` },
  });
  const mappings = Object.entries({ batch_id: batch, 'row.lead': '{{lead.id}}' });
  const integration = {
    module_id: 'sluice.outbound.batch',
    mappings: mappings.map(([property, value]) => ({ property, value })),
  };
  const flow = await api(
    sluice,
    'POST',
    '/flows',
    flowOf([{ type: 'recipient', entity: { name: 'Lender' }, integration }]),
  );
  await api(sluice, 'POST', `/flows/${flow.id}/deploy`);
  await until('the flow is known', async () => (await submit(sluice, flow)) !== undefined);
  return { batch, flow };
}

/** The id of a lead that was acknowledged; undefined: it was not. */
async function submit({ url }: SluiceProcess, flow: SubmitTarget): Promise<string | undefined> {
  const path = `/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`;
  const body = JSON.stringify({ email: 'ann@example.com' });
  const reply = await ask(`${url}${path}`, { method: 'POST', headers, body }).catch(() => undefined);
  return reply?.status === 201 && reply.body.outcome === 'success' ? reply.body.lead.id : undefined;
}

const rowsIn = (folder: string): string[] =>
  [...sftp.files].flatMap(([path, content]) =>
    path.startsWith(`/${folder}/`)
      ? String(content)
          .split('\r\n')
          .filter((line) => line !== '')
      : [],
  );

it('a process killed while it sends leaves the file to another one, which sends it under its name', async () => {
  const first = await start();
  const { batch } = await makeBatch(first, 'sending');
  sftp.fault = 'slow';
  await api(first, 'POST', `/batches/${batch}/deliver`);
  await until(
    'the file is on its way',
    async () => (await api(first, 'GET', `/batches/${batch}/files`))[0]?.attempts === 1,
  );
  const [before] = await api(first, 'GET', `/batches/${batch}/files`);
  await until('the server has been asked', () => sftp.logins > 0);
  first.kill('SIGKILL');
  await first.exited;
  sftp.fault = 'none';
  const second = await start();
  await until(
    'the file is delivered',
    async () => (await api(second, 'GET', `/batches/${batch}`)).waiting_files === 0,
    60_000,
  );
  const files = await api(second, 'GET', `/batches/${batch}/files`);
  expect(files).toMatchObject([{ id: before.id, name: before.name, state: 'delivered', attempts: 2 }]);
  expect([...sftp.files.keys()].filter((path) => path.startsWith('/sending/'))).toEqual([`/sending/${before.name}`]);
  expect(rowsIn('sending')).toHaveLength(before.rows);
});

it('leads and runs that are killed together: every acknowledged row is delivered once, and no other one', async () => {
  let sluice = await start();
  const { batch, flow } = await makeBatch(sluice, 'together');
  const acknowledged: string[] = [];
  const KILLS = 3;
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const sending = Array.from({ length: 6 }, async () => {
      for (let lead = 0; lead < 40; lead += 1) {
        const id = await submit(sluice, flow);
        if (id !== undefined) acknowledged.push(id);
      }
    });
    const target = acknowledged.length + 60;
    await until('leads come in', () => acknowledged.length >= target);
    await api(sluice, 'POST', `/batches/${batch}/deliver`);
    if (kill < KILLS) {
      // In the middle of leads, and of the run that was asked for.
      await until('more leads come in', () => acknowledged.length >= target + 20 * kill);
      sluice.kill('SIGKILL');
      await sluice.exited;
    }
    await Promise.all(sending);
    if (kill < KILLS) sluice = await start();
  }
  await until('no lead is under way', async () => (await pool.query('select from runs')).rows.length === 0, 60_000);
  await api(sluice, 'POST', `/batches/${batch}/deliver`);
  const waiting = async () => {
    const { waiting_files: files, running } = await api(sluice, 'GET', `/batches/${batch}`);
    return files === 0 && !running;
  };
  await until(
    'all of it is delivered',
    async () => (await waiting()) && acknowledged.every((id) => rowsIn('together').includes(id)),
    60_000,
  );
  const rows = rowsIn('together');
  expect(new Set(rows).size).toBe(rows.length);
  const { rows: sold } = await pool.query<{ lead_id: string }>(
    `select distinct e.lead_id from events e join flows f on f.account_id = e.account_id and f.id = e.flow_id
      where e.type = 'recipient' and e.outcome = 'success' and e.flow_id = $1`,
    [flow.id],
  );
  expect(rows.toSorted()).toEqual(sold.map((event) => event.lead_id).toSorted());
});
