import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { type DatabaseWire, openDatabaseWire } from '../../../test/harness/database-wire.ts';
import { createConfigListener } from './config-listener.ts';

let database: TestDatabase;
let wire: DatabaseWire;
beforeAll(async () => {
  database = await createTestDatabase();
  wire = await openDatabaseWire(database);
});
afterAll(async () => {
  await wire.close();
  await database.drop();
});

it('gives a server up that takes the connection and says nothing, and listens once it speaks', async () => {
  let heard = 0;
  const listener = createConfigListener(wire.connection, () => {
    heard += 1;
  });
  wire.withholdAnswers();
  await expect(listener.ensure()).rejects.toThrow();
  wire.cut();
  await listener.ensure();
  expect(heard).toBe(1);
  await listener.close();
});
