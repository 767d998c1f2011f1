import type pg from 'pg';
import type { JsonObject } from '../../flows/flow-json.ts';
import type { FlowRecord } from '../../flows/flow-store.ts';
import { assert } from '../../lib/assert.ts';
import type { RevisionDocuments } from './revision-documents.ts';

/** For `flows f` joined with the saved revision `flow_revisions r`, whose document is read by itself. */
export const FLOW_COLUMNS =
  'f.account_id, f.id, f.saved_revision, f.deployed_revision, f.created_at, f.updated_at, r.errors';

export interface FlowRow {
  account_id: string;
  id: string;
  saved_revision: number;
  deployed_revision: number | null;
  created_at: Date;
  updated_at: Date;
  errors: Record<string, string> | null;
}

export function flowOf(row: FlowRow, document: JsonObject): FlowRecord {
  return {
    accountId: row.account_id,
    id: row.id,
    document,
    errors: row.errors,
    revision: row.saved_revision,
    deployedRevision: row.deployed_revision,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

/**
 * A flow that is not deleted, locked until the transaction ends; by primary key. Locked by a statement of its own: one
 * that joins the revision and waits for another save would go on with a row whose revision is not the one it joined,
 * and find nothing.
 */
export async function lockFlow(
  client: pg.ClientBase,
  documents: RevisionDocuments,
  key: { accountId: string; flowId: string },
): Promise<FlowRecord | null> {
  const keys = [key.accountId, key.flowId];
  await client.query('select from flows where account_id = $1 and id = $2 for update', keys);
  const { rows } = await client.query<FlowRow>(
    `select ${FLOW_COLUMNS}
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.saved_revision
      where f.account_id = $1 and f.id = $2 and f.deleted_at is null`,
    keys,
  );
  return rows[0] ? readFlow(client, documents, rows[0]) : null;
}

/** The flow of a row with the document of its saved revision. */
export async function readFlow(
  db: Pick<pg.ClientBase, 'query'>,
  documents: RevisionDocuments,
  row: FlowRow,
): Promise<FlowRecord> {
  const key = { accountId: row.account_id, flowId: row.id, revision: row.saved_revision };
  const document = await documents.read(db, key);
  assert(document !== null, 'the saved revision of a flow is stored');
  return flowOf(row, document);
}

/** For people; null: the document has none. */
export function nameOfFlow(document: Record<string, unknown>): string | null {
  return typeof document['name'] === 'string' ? document['name'] : null;
}
