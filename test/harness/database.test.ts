import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from './database.ts';

describe('createTestDatabase', () => {
  it('gives a migrated database that no other test sees', async () => {
    const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const client = new pg.Client(first.connection);
    await client.connect();
    const { rows } = await client.query('select count(*)::int as migrations from schema_migrations');
    await client.end();
    expect(rows[0].migrations).toBeGreaterThan(0);
    expect(first.connection.database).not.toBe(second.connection.database);
    await first.drop();
    await second.drop();
  });

  it('fails a test that left a connection open', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ ...database.connection, application_name: 'forgotten' });
    client.on('error', () => undefined);
    await client.connect();
    await expect(database.drop()).rejects.toThrow('forgotten');
  });
});
