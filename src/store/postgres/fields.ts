import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { FieldStore } from '../../fields/field-store.ts';
import { assert } from '../../lib/assert.ts';
import type { Field } from '../../model/field.ts';
import { FIELD_TYPE_NAMES } from '../../model/field-type.ts';
import { announceConfig } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

export interface FieldRow {
  id: string;
  name: string;
  type: string;
  description: string | null;
  aggregate: boolean;
  masked: boolean;
  created_at: Date;
  updated_at: Date;
}

export const FIELD_COLUMNS = 'id, name, type, description, aggregate, masked, created_at, updated_at';

export function createFieldStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): FieldStore {
  return {
    list: (accountId) => listFields(pool, accountId),
    find: (key) => findField(pool, key),
    insert: (request) => inTransaction(pool, (client) => insertField(client, record, request)),
    update: (request) => inTransaction(pool, (client) => updateField(client, record, request)),
    remove: (request) => inTransaction(pool, (client) => removeField(client, record, request)),
  };
}

/** Along the primary key. */
async function listFields(pool: pg.Pool, accountId: string): Promise<Field[]> {
  const { rows } = await pool.query<FieldRow>(
    `select ${FIELD_COLUMNS} from fields where account_id = $1 and deleted_at is null order by id`,
    [accountId],
  );
  return rows.map(fieldOf);
}

/** By primary key. */
async function findField(
  db: Pick<pg.ClientBase, 'query'>,
  key: { accountId: string; fieldId: string },
): Promise<Field | null> {
  const { rows } = await db.query<FieldRow>(
    `select ${FIELD_COLUMNS} from fields where account_id = $1 and id = $2 and deleted_at is null`,
    [key.accountId, key.fieldId],
  );
  return rows[0] ? fieldOf(rows[0]) : null;
}

async function insertField(
  client: pg.ClientBase,
  record: RecordChange,
  request: { accountId: string; field: Field; now: number },
): Promise<Field | null> {
  const { accountId, field, now } = request;
  const { rows } = await client.query<FieldRow>(
    `insert into fields as f (account_id, id, name, type, description, aggregate, masked, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
     on conflict (account_id, id) do update
        set name = excluded.name, type = excluded.type, description = excluded.description,
            aggregate = excluded.aggregate, masked = excluded.masked, updated_at = excluded.updated_at,
            deleted_at = null
      where f.deleted_at is not null
     returning ${FIELD_COLUMNS}`,
    [accountId, ...definitionOf(field), new Date(now)],
  );
  if (!rows[0]) return null;
  await announceConfig(client, accountId);
  const inserted = fieldOf(rows[0]);
  await record(client, accountId, changeOf(null, inserted));
  return inserted;
}

async function updateField(
  client: pg.ClientBase,
  record: RecordChange,
  request: { accountId: string; field: Field; now: number },
): Promise<Field | null> {
  const { accountId, field, now } = request;
  const before = await findField(client, { accountId, fieldId: field.id });
  const { rows } = await client.query<FieldRow>(
    `update fields set name = $3, type = $4, description = $5, aggregate = $6, masked = $7, updated_at = $8
      where account_id = $1 and id = $2 and deleted_at is null
     returning ${FIELD_COLUMNS}`,
    [accountId, ...definitionOf(field), new Date(now)],
  );
  if (!rows[0]) return null;
  await announceConfig(client, accountId);
  const updated = fieldOf(rows[0]);
  await record(client, accountId, changeOf(before, updated));
  return updated;
}

async function removeField(
  client: pg.ClientBase,
  record: RecordChange,
  request: { accountId: string; fieldId: string; now: number },
): Promise<{ field: Field; isUsed: boolean } | null> {
  const { accountId, fieldId, now } = request;
  const isUsed = await isFieldUsed(client, { accountId, fieldId });
  const { rows } = isUsed
    ? await client.query<FieldRow>(
        `update fields set deleted_at = $3 where account_id = $1 and id = $2 and deleted_at is null
         returning ${FIELD_COLUMNS}`,
        [accountId, fieldId, new Date(now)],
      )
    : await client.query<FieldRow>(
        `delete from fields where account_id = $1 and id = $2 and deleted_at is null returning ${FIELD_COLUMNS}`,
        [accountId, fieldId],
      );
  if (!rows[0]) return null;
  await announceConfig(client, accountId);
  const removed = fieldOf(rows[0]);
  await record(client, accountId, changeOf(removed, null));
  return { field: removed, isUsed };
}

function changeOf(before: Field | null, after: Field | null): Change {
  const field = after ?? before;
  return {
    kind: 'field',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: field?.id ?? '', name: field?.name ?? null },
    before: before && { document: before },
    after: after && { document: after },
  };
}

/** Does a flow name it, as saved or as deployed? Reads the account's current revisions along the primary keys. */
async function isFieldUsed(client: pg.ClientBase, key: { accountId: string; fieldId: string }): Promise<boolean> {
  const { rows } = await client.query<{ is_used: boolean }>(
    `select exists (
       select from flows f
         join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
          and r.revision in (f.saved_revision, f.deployed_revision)
        where f.account_id = $1 and f.deleted_at is null and r.document -> 'fields' ? $2
     ) as is_used`,
    [key.accountId, key.fieldId],
  );
  return rows[0]?.is_used === true;
}

function definitionOf(field: Field): unknown[] {
  const { id, name, type, description, aggregate, masked } = field;
  return [id, name, type, description ?? null, aggregate ?? true, masked ?? false];
}

export function fieldOf(row: FieldRow): Field {
  const type = FIELD_TYPE_NAMES.find((name) => name === row.type);
  assert(type !== undefined, `field ${row.id} has the unknown type ${row.type}`);
  return {
    id: row.id,
    name: row.name,
    type,
    ...(row.description === null ? {} : { description: row.description }),
    standard: false,
    aggregate: row.aggregate,
    ...(row.masked ? { masked: true } : {}),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
