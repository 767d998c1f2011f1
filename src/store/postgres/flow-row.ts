import type { FlowRecord } from '../../flows/flow-store.ts';

/** For `flows f` joined with the saved revision `flow_revisions r`. */
export const FLOW_COLUMNS =
  'f.account_id, f.id, f.saved_revision, f.deployed_revision, f.created_at, f.updated_at, r.document, r.errors';

export interface FlowRow {
  account_id: string;
  id: string;
  saved_revision: number;
  deployed_revision: number | null;
  created_at: Date;
  updated_at: Date;
  document: Record<string, unknown>;
  errors: Record<string, string> | null;
}

export function flowOf(row: FlowRow): FlowRecord {
  return {
    accountId: row.account_id,
    id: row.id,
    document: row.document,
    errors: row.errors,
    revision: row.saved_revision,
    deployedRevision: row.deployed_revision,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}
