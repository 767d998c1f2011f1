import { type AddressInfo, createServer } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { inOneView, inTransaction } from './in-transaction.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

it('a connection that breaks between two queries fails the transaction, not the process', async () => {
  const failing = inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    await client.query('select 1');
  });
  await expect(failing).rejects.toThrow(/not queryable|terminat/);
  expect(await inTransaction(pool, async (client) => (await client.query('select 1 as one')).rows)).toEqual([
    { one: 1 },
  ]);
});

/** As PostgreSQL says it in one packet: welcome, ready, and that its first process is gone. */
const WELCOME_AND_GOODBYE = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('Z', Buffer.from('I')),
  message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0')),
]);

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

it('a server that ends in the packet that opens the connection fails the transaction, not the process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(WELCOME_AND_GOODBYE));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // listen() on a port always yields an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const dying = new pg.Pool({ host: '127.0.0.1', port, user: 'sluice', database: 'sluice' });
  dying.on('error', () => undefined);
  await expect(inTransaction(dying, async () => undefined)).rejects.toThrow();
  await dying.end();
  await new Promise((resolve) => server.close(resolve));
});

it('statements of one view see nothing that others commit meanwhile, write nothing, and leave the connection as it was', async () => {
  await pool.query('create table seen (one int)');
  const one = new pg.Pool({ ...database.connection, max: 1 });
  const counted = async (client: pg.ClientBase) => (await client.query('select from seen')).rowCount;
  const seen = await inOneView(one, { msMax: 1_234, settings: ['set local jit = off'] }, async (client) => {
    const before = await counted(client);
    await pool.query('insert into seen values (1)');
    const { rows } = await client.query<{ ms: string; jit: string }>(
      `select current_setting('statement_timeout') as ms, current_setting('jit') as jit`,
    );
    return [before, await counted(client), rows[0]];
  });
  expect(seen).toEqual([0, 0, { ms: '1234ms', jit: 'off' }]);
  await expect(inOneView(one, { msMax: 1_234 }, (client) => client.query('delete from seen'))).rejects.toThrow(
    /read-only/,
  );
  const { rows } = await one.query(
    `select current_setting('statement_timeout') as ms, (select count(*)::int from seen) as count`,
  );
  expect(rows[0]).toMatchObject({ count: 1, ms: expect.not.stringContaining('1234') });
  await one.end();
});
