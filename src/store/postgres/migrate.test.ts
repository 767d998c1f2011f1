import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { packageRoot } from '../../package-root.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';

const shipped = readMigrations(join(packageRoot, 'sql'));

function next(sql: string): Migration[] {
  return [...shipped, { version: shipped.length + 1, name: 'next', sql, checksum: sql }];
}

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

describe('migrate', () => {
  it('has nothing to do on a database of this version', async () => {
    expect(await migrate(database.connection, shipped)).toEqual({ ok: true, value: { applied: [] } });
  });

  it('applies what is missing once, even when several processes start together', async () => {
    const migrations = next('create table added (id text)');
    const all = await Promise.all([1, 2, 3].map(() => migrate(database.connection, migrations)));
    expect(all.map((one) => one.ok && one.value.applied.length).sort()).toEqual([0, 0, 1]);
  });

  it('leaves nothing of a migration that fails', async () => {
    const broken = next('create table added (id text); select 1 / 0');
    expect(await migrate(database.connection, broken)).toMatchObject({
      ok: false,
      error: { code: 'migration-failed', message: expect.stringContaining('division by zero') },
    });
    expect(await migrate(database.connection, next('create table added (id text)'))).toMatchObject({ ok: true });
  });

  it('refuses a database that is newer than the code', async () => {
    await migrate(database.connection, next('select 1'));
    expect(await migrate(database.connection, shipped)).toMatchObject({ ok: false, error: { code: 'database-newer' } });
  });

  it('refuses a database whose migrations are not those of the code', async () => {
    await migrate(database.connection, next('select 1'));
    expect(await migrate(database.connection, next('select 2'))).toMatchObject({
      ok: false,
      error: { code: 'migration-changed', message: expect.stringContaining(`${shipped.length + 1} (next)`) },
    });
  });

  it('says when there is no database', async () => {
    const connection = { ...database.connection, database: 'nowhere' };
    expect(await migrate(connection, shipped)).toMatchObject({ ok: false, error: { code: 'database-unreachable' } });
  });
});

describe('readMigrations', () => {
  it.each([['0002_second.sql'], ['1_first.sql'], ['0001-first.sql']])('does not accept %s as the first', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-sql-'));
    writeFileSync(join(folder, name), '');
    expect(() => readMigrations(folder)).toThrow(name);
    rmSync(folder, { recursive: true });
  });
});
