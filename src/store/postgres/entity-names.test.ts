import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../http/testing/test-server.ts';
import { readEntityNames } from './entity-names.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const ENTITY = '5fd0c0de00000000000000e1';
const OTHER = '5fd0c0de00000000000000e2';

const namesOf = async (accountId: string, entityIds: string[]) => {
  const client = await api.pool.connect();
  try {
    return Object.fromEntries(await readEntityNames(client, { accountId, entityIds }));
  } finally {
    client.release();
  }
};

it('a deleted entity has the name it had last, another account’s and an unknown one have none', async () => {
  const made = {
    id: ENTITY,
    name: 'Ads of May',
    module_ids: ['leadconduit-default.inbound'],
    source: 'form',
    recipient: null,
  };
  expect((await api.ask({ method: 'POST', url: '/entities', body: made })).status).toBe(201);
  await api.ask({ method: 'PUT', url: `/entities/${ENTITY}`, body: { ...made, name: 'Ads of June' } });
  expect(await namesOf(api.account.id, [ENTITY, OTHER])).toEqual({ [ENTITY]: 'Ads of June' });
  expect((await api.ask({ method: 'DELETE', url: `/entities/${ENTITY}` })).status).toBe(200);
  expect(await namesOf(api.account.id, [ENTITY, OTHER])).toEqual({ [ENTITY]: 'Ads of June' });
  expect(await namesOf('5fd0c0de0000000000000fff', [ENTITY])).toEqual({});
  // The name of another thing with the same id is no name of an entity.
  await api.pool.query(`update activity set kind = 'field' where subject_id = $1`, [ENTITY]);
  expect(await namesOf(api.account.id, [ENTITY])).toEqual({});
});
