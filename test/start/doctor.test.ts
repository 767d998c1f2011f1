import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { buildSluice, environmentOf, urlOf } from '../harness/sluice-process.ts';

const KEY = 'ab'.repeat(32);

let folder: string;
let database: TestDatabase;
let url: string;
let installation: Record<string, string>;
let pool: pg.Pool;

beforeAll(async () => {
  await buildSluice();
  folder = mkdtempSync(join(tmpdir(), 'sluice-doctor-'));
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 1 });
  url = urlOf(database);
  installation = environmentOf(database);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** By the name of the check, what `sluice doctor` prints; and its exit code. */
function examine(env: Record<string, string>): { code: number | null; lines: Map<string, string> } {
  const { status, stdout } = spawnSync(process.execPath, [join(packageRoot, 'bin', 'sluice.js'), 'doctor'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', SLUICE_PORT: '39817', ...env },
    encoding: 'utf8',
  });
  const rows = stdout.trimEnd().split('\n');
  return {
    code: status,
    lines: new Map(rows.map((row) => [row.slice(9, 20).trim(), `${row.slice(0, 8).trim()}: ${row.slice(21)}`])),
  };
}

describe('sluice doctor', () => {
  it('before the first start has nothing to complain of, and makes nothing', () => {
    const { code, lines } = examine({ SLUICE_DATA_DIR: join(folder, 'none') });
    expect([code, lines.get('database')]).toEqual([
      0,
      expect.stringMatching(/^ok: There is no database in .* yet: the first start makes it\.$/),
    ]);
  });

  it('says what keeps people and senders from being told apart behind a proxy', () => {
    const none = { SLUICE_DATA_DIR: join(folder, 'none') };
    expect(examine(none).lines.get('proxy')).toMatch(/^ok: There is no proxy/);
    const { code, lines } = examine({ ...none, SLUICE_PUBLIC_URL: 'https://leads.example.com' });
    expect([code, lines.get('proxy')]).toEqual([
      0,
      expect.stringMatching(/^warning: .*SLUICE_TRUSTED_PROXIES.*add it/),
    ]);
  });

  it('says when no API key is in force', () => {
    const { code, lines } = examine({ ...installation, SLUICE_SECRET_KEY: KEY });
    expect(code).toBe(1);
    expect(lines.get('database')).toMatch(/^ok: PostgreSQL \d+, with all \d+ migrations\.$/);
    expect(lines.get('clock')).toMatch(/^ok: This machine is \d+ ms (ahead of|behind) the database\.$/);
    expect(lines.get('secret key')).toBe('ok: Nothing is encrypted with it yet.');
    expect(lines.get('api keys')).toMatch(/^problem: None is valid/);
  });

  it('says that the next start applies migrations, and does not apply them', async () => {
    const { rows } = await pool.query('select * from schema_migrations order by version desc limit 1');
    const [last] = rows;
    await pool.query('delete from schema_migrations where version = $1', [last.version]);
    const { lines } = examine({ ...installation, SLUICE_SECRET_KEY: KEY });
    expect(lines.get('database')).toMatch(/^warning: .*the next start applies 1 more/);
    await pool.query('insert into schema_migrations select * from json_populate_record(null::schema_migrations, $1)', [
      JSON.stringify(last),
    ]);
  });

  it('says when the database is newer than the program', async () => {
    await pool.query(`insert into schema_migrations (version, name, checksum) values (9999, 'later', 'x')`);
    const { code, lines } = examine({ ...installation, SLUICE_SECRET_KEY: KEY });
    expect([code, lines.get('database')]).toEqual([1, expect.stringContaining('problem: The database is newer')]);
    await pool.query('delete from schema_migrations where version = 9999');
  });

  it('says when the database cannot be reached, without its URL', () => {
    const env = { DATABASE_URL: 'postgres://joe:hunter2@127.0.0.1:1/none', SLUICE_SECRET_KEY: KEY };
    const { code, lines } = examine(env);
    expect([code, lines.get('database')]).toEqual([1, expect.stringMatching(/^problem: .*DATABASE_URL/)]);
    expect([...lines.values()].join('\n')).not.toContain('hunter2');
  });

  it('says whether reading routes have a standby of the same installation', async () => {
    const asked = (standby?: string) =>
      examine({
        ...installation,
        SLUICE_SECRET_KEY: KEY,
        ...(standby !== undefined && { SLUICE_READ_DATABASE_URL: standby }),
      }).lines.get('standby');
    expect(asked()).toBe('ok: There is none: every route asks the database itself.');
    // The same server, which replays nothing.
    expect(asked(url)).toMatch(/^warning: SLUICE_READ_DATABASE_URL is no hot standby/);
    const away = asked('postgres://joe:hunter2@127.0.0.1:1/none');
    expect(away).toMatch(/^problem: The standby does not answer \(ECONNREFUSED\)/);
    expect(away).not.toContain('hunter2');
    const other = await createTestDatabase();
    await pool.query("insert into installation (name, value) values ('ours', 'x')");
    expect(asked(urlOf(other))).toMatch(/^problem: .*holds another installation than DATABASE_URL/);
    await pool.query("delete from installation where name = 'ours'");
    await other.drop();
  });

  it('says when a setting is not understood', () => {
    const { code, lines } = examine({ SLUICE_PRT: '1' });
    expect([code, lines.get('settings')]).toEqual([1, expect.stringContaining('did you mean SLUICE_PORT?')]);
  });
});
