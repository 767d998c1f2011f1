import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import {
  type Entity,
  type EntityDefinition,
  type EntityKey,
  type EntityRemoval,
  type EntityStore,
  type NamedEntity,
  RECIPIENT_KINDS,
  SOURCE_KINDS,
} from '../../entities/entity.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

/** Leads never read entities, so no change of one raises the account's configuration version. */
export function createEntityStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): EntityStore {
  return {
    list: (accountId) => readEntities(pool, { accountId, entityId: null }),
    listNames: (accountId) => listNames(pool, accountId),
    find: (key) => findEntity(pool, key),
    insert: (key, { definition, now }) =>
      inTransaction(pool, async (client) => {
        const { rows: inserted } = await client.query(
          `insert into entities (account_id, id, ${DEFINITION}, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) on conflict do nothing
           returning id`,
          [...valuesOf(key), ...columnsOf(definition), new Date(now)],
        );
        return inserted.length > 0 ? recordChange(client, record, { key, before: null }) : null;
      }),
    replace: (key, { definition, now }) =>
      inTransaction(pool, async (client) => {
        const before = await lockEntity(client, key);
        if (!before) return null;
        await client.query(
          `update entities set (${DEFINITION}, updated_at) = ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            where account_id = $1 and id = $2`,
          [...valuesOf(key), ...columnsOf(definition), new Date(now)],
        );
        return recordChange(client, record, { key, before });
      }),
    remove: (key) => inTransaction(pool, (client) => removeEntity(client, record, key)),
  };
}

/** Along the primary key. */
async function listNames(pool: pg.Pool, accountId: string): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'select id, name from entities where account_id = $1',
    [accountId],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

async function removeEntity(client: pg.ClientBase, record: RecordChange, key: EntityKey): Promise<EntityRemoval> {
  const entity = await lockEntity(client, key);
  if (!entity) return { kind: 'missing' };
  const flows = await listFlowsOf(client, key);
  if (flows.length > 0) return { kind: 'used', flows };
  await client.query('delete from entities where account_id = $1 and id = $2', valuesOf(key));
  await record(client, key.accountId, changeOf(entity, null));
  return { kind: 'done', entity };
}

/**
 * Makes the entities that saved flows name and that do not exist, and keeps all of them from being removed until the
 * transaction ends. `named` is in the order of the ids, so that two saves cannot wait for each other.
 */
export async function ensureEntities(
  client: pg.ClientBase,
  record: RecordChange,
  { accountId, named, now }: { accountId: string; named: readonly NamedEntity[]; now: number },
): Promise<void> {
  if (named.length === 0) return;
  const { rows } = await client.query<EntityRow>(
    `insert into entities as e (account_id, id, name, module_ids, source, recipient, created_at, updated_at)
     select $1, id, name, array(select json_array_elements_text(module_ids)), source, recipient, $2, $2
       from json_to_recordset($3) as n (id text, name text, module_ids json, source text, recipient text)
      order by id
     on conflict do nothing
     returning ${COLUMNS}`,
    [accountId, new Date(now), JSON.stringify(named.map(rowOfNamed))],
  );
  await client.query(
    'select from entities where account_id = $1 and id = any($2) order by account_id, id for key share',
    [accountId, named.map(({ id }) => id)],
  );
  for (const row of rows) await record(client, accountId, changeOf(null, entityOf({ ...row, flow_ids: [] })));
}

function rowOfNamed({ id, name, moduleIds, isSource, isRecipient }: NamedEntity): object {
  return {
    id,
    name,
    module_ids: moduleIds,
    source: isSource ? 'other' : null,
    recipient: isRecipient ? 'other' : null,
  };
}

async function recordChange(
  client: pg.ClientBase,
  record: RecordChange,
  { key, before }: { key: EntityKey; before: Entity | null },
): Promise<Entity | null> {
  const after = await findEntity(client, key);
  await record(client, key.accountId, changeOf(before, after));
  return after;
}

function changeOf(before: Entity | null, after: Entity | null): Change {
  const entity = after ?? before;
  return {
    kind: 'entity',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: entity?.id ?? '', name: entity?.name ?? null },
    before: before && { document: before },
    after: after && { document: after },
  };
}

/** By primary key. A save that names it waits, and one that came first is seen by the statements that follow. */
async function lockEntity(client: pg.ClientBase, key: EntityKey): Promise<Entity | null> {
  await client.query('select from entities where account_id = $1 and id = $2 for update', valuesOf(key));
  return findEntity(client, key);
}

async function findEntity(db: Pick<pg.ClientBase, 'query'>, key: EntityKey): Promise<Entity | null> {
  const [entity] = await readEntities(db, key);
  return entity ?? null;
}

/**
 * Of one entity or of all, with the flows that name each. Along the primary keys; reads the current revisions of the
 * account's flows once.
 */
async function readEntities(
  db: Pick<pg.ClientBase, 'query'>,
  at: { accountId: string; entityId: string | null },
): Promise<Entity[]> {
  const { rows } = await db.query<EntityRow>(
    `with named as materialized (${NAMED})
     select ${COLUMNS}, array(select n.flow_id from named n where n.entity_id = e.id order by n.flow_id) as flow_ids
       from entities e where e.account_id = $1 and e.id = coalesce($2, e.id) order by e.name, e.id`,
    [at.accountId, at.entityId],
  );
  return rows.map(entityOf);
}

async function listFlowsOf(client: pg.ClientBase, key: EntityKey): Promise<{ id: string; name: string }[]> {
  const { rows } = await client.query<{ id: string; name: string | null }>(
    `select n.flow_id as id, min(n.name) as name from (${NAMED}) as n group by n.flow_id order by n.flow_id`,
    valuesOf(key),
  );
  return rows.map(({ id, name }) => ({ id, name: name ?? '' }));
}

/** Which flow of account $1 names which entity, as it is saved or as it runs; of entity $2 unless that is null. */
const NAMED = `
  select distinct f.id as flow_id, saved.document ->> 'name' as name, lower(reference #>> '{}') as entity_id
    from flows f
    join flow_revisions saved on saved.account_id = f.account_id and saved.flow_id = f.id
     and saved.revision = f.saved_revision
    join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
     and r.revision in (f.saved_revision, f.deployed_revision)
   cross join lateral (
     select jsonb_path_query(r.document, '$.sources[*].entity.id') as reference
     union all
     select jsonb_path_query(r.document, '$.steps[*].entity.id')
     union all
     select jsonb_path_query(r.document, '$.steps[*].recipients[*].entity.id')
   ) as named_by
   where f.account_id = $1 and f.deleted_at is null and lower(reference #>> '{}') = coalesce($2, lower(reference #>> '{}'))`;

const DEFINITION = `name, description, module_ids, source, recipient, field_suffix, logo_url, website, time_zone,
  trustedform_certified_vendor`;
const COLUMNS = `e.id, e.name, e.description, e.module_ids, e.source, e.recipient, e.field_suffix, e.logo_url, e.website,
  e.time_zone, e.trustedform_certified_vendor, e.created_at, e.updated_at`;

interface EntityRow {
  id: string;
  name: string;
  description: string | null;
  module_ids: string[];
  source: string | null;
  recipient: string | null;
  field_suffix: string | null;
  logo_url: string | null;
  website: string | null;
  time_zone: string | null;
  trustedform_certified_vendor: boolean;
  created_at: Date;
  updated_at: Date;
  flow_ids: string[];
}

function entityOf({ description, source, recipient, created_at, updated_at, ...row }: EntityRow): Entity {
  return {
    ...row,
    ...(description === null ? {} : { description }),
    source: SOURCE_KINDS.find((kind) => kind === source) ?? null,
    recipient: RECIPIENT_KINDS.find((kind) => kind === recipient) ?? null,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}

function columnsOf(definition: EntityDefinition): unknown[] {
  const { name, description, module_ids, source, recipient, field_suffix, logo_url, website, time_zone } = definition;
  return [
    ...[name, description ?? null, module_ids, source, recipient, field_suffix, logo_url, website, time_zone],
    definition.trustedform_certified_vendor,
  ];
}

function valuesOf({ accountId, entityId }: EntityKey): [string, string] {
  return [accountId, entityId];
}
