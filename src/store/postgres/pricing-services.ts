import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import { assert } from '../../lib/assert.ts';
import type { LivePricingService } from '../../model/pricing.ts';
import type {
  PricingService,
  PricingServiceKey,
  PricingServiceRemoval,
  PricingServiceStore,
} from '../../pricing/pricing-service.ts';
import type { SecretBox } from '../secret-box.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

/** Every change raises the account's configuration version: the flows that name the service are compiled anew. */
export function createPricingServiceStore(
  pool: pg.Pool,
  box: SecretBox,
  record: RecordChange = RECORD_NOTHING,
): PricingServiceStore {
  const changing = <T>(accountId: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await lockAccount(client, accountId);
      const result = await work(client);
      await announceConfig(client, accountId);
      return result;
    });
  return {
    list: (accountId) => readServices(pool, { accountId, serviceId: null }),
    find: (key) => findService(pool, key),
    insert: (key, { definition, secret, now }) =>
      changing(key.accountId, async (client) => {
        const { rows } = await client.query<ServiceRow>(
          `insert into pricing_services as s
             (account_id, id, name, url, variables, credential_id, sealed_secret, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning ${COLUMNS}`,
          [
            ...[key.accountId, key.serviceId, definition.name, definition.url, definition.variables],
            definition.credential_id,
            ...[box.seal(secret, pricingServiceContext(key.serviceId)), new Date(now)],
          ],
        );
        return recordRow(client, record, { key, before: null, rows });
      }),
    replace: (key, { definition, now }) =>
      changing(key.accountId, async (client) => {
        const before = await findService(client, key);
        if (!before) return null;
        const { rows } = await client.query<ServiceRow>(
          `update pricing_services s set name = $3, url = $4, variables = $5, credential_id = $6, updated_at = $7
            where s.account_id = $1 and s.id = $2 returning ${COLUMNS}`,
          [
            ...[key.accountId, key.serviceId, definition.name, definition.url, definition.variables],
            ...[definition.credential_id, new Date(now)],
          ],
        );
        return recordRow(client, record, { key, before, rows });
      }),
    writeSecret: (key, { secret, now }) =>
      changing(key.accountId, async (client) => {
        const { rows } = await client.query<ServiceRow>(
          `update pricing_services s set sealed_secret = $3, updated_at = $4
            where s.account_id = $1 and s.id = $2 returning ${COLUMNS}`,
          [key.accountId, key.serviceId, box.seal(secret, pricingServiceContext(key.serviceId)), new Date(now)],
        );
        const service = rows[0] ? serviceOf(rows[0]) : null;
        // The documents are the same: the secret is in neither.
        if (service) await record(client, key.accountId, { ...changeOf(service, service), action: 'rotate' });
        return service;
      }),
    remove: (key) => changing(key.accountId, (client) => removeService(client, record, key)),
    listUses: (key) => listFlowsOf(pool, key),
  };
}

async function removeService(
  client: pg.ClientBase,
  record: RecordChange,
  key: PricingServiceKey,
): Promise<PricingServiceRemoval> {
  const service = await findService(client, key);
  if (!service) return { kind: 'missing' };
  const flows = await listFlowsOf(client, key);
  if (flows.length > 0) return { kind: 'used', flows };
  await client.query('delete from pricing_services where account_id = $1 and id = $2', [key.accountId, key.serviceId]);
  await record(client, key.accountId, changeOf(service, null));
  return { kind: 'done', service };
}

async function recordRow(
  client: pg.ClientBase,
  record: RecordChange,
  change: { key: PricingServiceKey; before: PricingService | null; rows: ServiceRow[] },
): Promise<PricingService> {
  const [row] = change.rows;
  assert(row, 'the statement returns the row it wrote');
  const service = serviceOf(row);
  await record(client, change.key.accountId, changeOf(change.before, service));
  return service;
}

function changeOf(before: PricingService | null, after: PricingService | null): Change {
  const service = after ?? before;
  return {
    kind: 'pricing_service',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: service?.id ?? '', name: service?.name ?? null },
    before: before && { document: before },
    after: after && { document: after },
  };
}

async function findService(db: Pick<pg.ClientBase, 'query'>, key: PricingServiceKey): Promise<PricingService | null> {
  const [service] = await readServices(db, key);
  return service ?? null;
}

/** One or all of an account, along the primary key. */
async function readServices(
  db: Pick<pg.ClientBase, 'query'>,
  at: { accountId: string; serviceId: string | null },
): Promise<PricingService[]> {
  const { rows } = await db.query<ServiceRow>(
    `select ${COLUMNS} from pricing_services s
      where s.account_id = $1 and s.id = coalesce($2, s.id) order by s.name, s.id`,
    [at.accountId, at.serviceId],
  );
  return rows.map(serviceOf);
}

/** The flows that name it as they are saved or as they run. Along the primary keys; an account has up to some hundreds. */
async function listFlowsOf(
  client: Pick<pg.ClientBase, 'query'>,
  key: PricingServiceKey,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await client.query<{ id: string; name: string | null }>(
    `select f.id, min(saved.document ->> 'name') as name
       from flows f
       join flow_revisions saved on saved.account_id = f.account_id and saved.flow_id = f.id
        and saved.revision = f.saved_revision
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
        and r.revision in (f.saved_revision, f.deployed_revision)
      cross join lateral (
        select jsonb_path_query(r.document, '$.pricing_service.service_id') #>> '{}' as service_id
        union all
        select jsonb_path_query(r.document, '$.sources[*].pricing_service.service_id') #>> '{}'
      ) as named
      where f.account_id = $1 and f.deleted_at is null and named.service_id = $2
      group by f.id order by f.id`,
    [key.accountId, key.serviceId],
  );
  return rows.map(({ id, name }) => ({ id, name: name ?? '' }));
}

/** As flows that run need them, with their secrets, by id. Along the primary key. */
export async function readLivePricingServices(
  pool: pg.Pool,
  { accountId, box }: { accountId: string; box: SecretBox },
): Promise<Map<string, LivePricingService>> {
  const { rows } = await pool.query<ServiceRow & { sealed_secret: Buffer }>(
    `select s.sealed_secret, ${COLUMNS} from pricing_services s where s.account_id = $1 order by s.id`,
    [accountId],
  );
  return new Map(
    rows.map(({ id, name, url, variables, credential_id: credentialId, sealed_secret: sealed }) => [
      id,
      { id, name, url, variables, credentialId, secret: box.open(sealed, pricingServiceContext(id)) },
    ]),
  );
}

const COLUMNS = 's.id, s.name, s.url, s.variables, s.credential_id, s.created_at, s.updated_at';

interface ServiceRow {
  id: string;
  name: string;
  url: string;
  variables: string[];
  credential_id: string | null;
  created_at: Date;
  updated_at: Date;
}

function serviceOf({ created_at, updated_at, id, name, url, variables, credential_id }: ServiceRow): PricingService {
  const times = { created_at: created_at.toISOString(), updated_at: updated_at.toISOString() };
  return { id, name, url, variables, credential_id, ...times };
}

/** Where the sealed secret of a pricing service belongs. */
export function pricingServiceContext(serviceId: string): string {
  return `pricing_service:${serviceId}`;
}
