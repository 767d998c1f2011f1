import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../../../test/harness/server.ts';
import { flowOf, NO_DUPLICATES } from '../../../test/system/flows.ts';
import { systemClock } from '../../lib/clock.ts';
import { finish } from '../../lib/slices.ts';
import type { SecretBox } from '../secret-box.ts';
import { createConfigStore } from './config.ts';
import { createSurroundingsReader } from './flow-surroundings.ts';
import { createRevisionDocuments } from './revision-documents.ts';

const NO_SECRETS: SecretBox = { seal: () => Buffer.alloc(0), open: () => null };

const configDeps = (pool: pg.Pool) => ({
  pool,
  readSurroundings: createSurroundingsReader({ pool, box: NO_SECRETS, clock: systemClock }),
  documents: createRevisionDocuments(async (work) => finish(work)),
});

let server: ComposedServer;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startTestServer();
  pool = new pg.Pool(server.database.connection);
});
afterAll(async () => {
  await pool.end();
  await server.stop();
});

/** One of the flows, and six of what they name. */
const READS = 7;

it('a flow deployed between two reads is never seen without the lists it looks in', async () => {
  const flow = await server.deploy(flowOf());
  const deployListCheck = async () => {
    await server.api('PUT', `/flows/${flow.id}`, { ...flow, ...NO_DUPLICATES });
    expect((await server.api('POST', `/flows/${flow.id}/deploy`)).status).toBe(200);
  };
  // Each read in turn has the deploy just before it.
  for (let read = 0; read < READS; read += 1) {
    await server.query('delete from lists');
    await server.api('PUT', `/flows/${flow.id}`, flow);
    await server.api('POST', `/flows/${flow.id}/deploy`);
    let reads = 0;
    const query = async (text: string, values: unknown[]) => {
      if (reads++ === read) await deployListCheck();
      return pool.query(text, values);
    };
    const configs = createConfigStore(configDeps(Object.assign(Object.create(pool), { query })));
    const [loaded] = await configs.loadDeployedFlows(server.account.id);
    const document =
      loaded &&
      (await configs.readDocument({ accountId: server.account.id, flowId: flow.id, revision: loaded.revision }));
    const isChecked = document?.['list_checks'] !== undefined && document['list_checks'] !== null;
    expect(reads).toBeGreaterThanOrEqual(READS);
    expect([read, isChecked && loaded?.config.lists.size === 0]).toEqual([read, false]);
  }
});
