import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { Actor } from '../../access/principal.ts';
import {
  type Draft,
  type FlowRecord,
  type FlowStore,
  type Revision,
  type RevisionFacts,
  type SaveRefusal,
  type StaleRevision,
  staleRevision,
} from '../../flows/flow-store.ts';
import { listNamedEntities } from '../../flows/named-entities.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { SecretBox } from '../secret-box.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { writeChannels } from './channels.ts';
import { deployFlow } from './deploy-flow.ts';
import { ensureEntities } from './entities.ts';
import { FLOW_COLUMNS, type FlowRow, flowOf, lockFlow, nameOfFlow, readFlow } from './flow-row.ts';
import { sealFlowSecrets } from './flow-secrets.ts';
import { inTransaction } from './in-transaction.ts';
import type { RevisionDocuments } from './revision-documents.ts';

export interface FlowStoreDeps {
  pool: pg.Pool;
  documents: RevisionDocuments;
  /** Absent: changes are not recorded. */
  record?: RecordChange;
  /** Seals secrets that come within a flow; absent: the store saves none. */
  box?: SecretBox | undefined;
}

export function createFlowStore({ pool, documents, record = RECORD_NOTHING, box }: FlowStoreDeps): FlowStore {
  const deps = { pool, documents, record, box };
  return {
    list: (accountId) => listFlows(deps, accountId),
    find: (key) => findFlow(deps, key),
    findOfAnyAccount: (flowId) => findFlowOfAnyAccount(deps, flowId),
    readRevision: (key) => documents.read(pool, key),
    listRevisions: (request) => listRevisions(pool, request),
    save: (request) => saveFlows(deps, request),
    writeErrors: (request) => writeErrors(pool, request),
    deploy: (request) => inTransaction(pool, (client) => deployFlow(client, deps, request)),
    remove: (request) => inTransaction(pool, (client) => removeFlow(client, deps, request)),
  };
}

type Deps = FlowStoreDeps & { record: RecordChange };

/** Along the primary keys of both tables; an account has up to some hundreds of flows. */
async function listFlows({ pool, documents }: Deps, accountId: string): Promise<FlowRecord[]> {
  const { rows } = await pool.query<FlowRow & { document: string }>(
    `select ${FLOW_COLUMNS}, r.document::text as document
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.saved_revision
      where f.account_id = $1 and f.deleted_at is null
      order by f.created_at, f.id`,
    [accountId],
  );
  return Promise.all(rows.map(async (row) => flowOf(row, await documents.parse(row.document))));
}

/** By primary key. */
async function findFlow(
  { pool, documents }: Deps,
  key: { accountId: string; flowId: string },
): Promise<FlowRecord | null> {
  const { rows } = await pool.query<FlowRow>(
    `select ${FLOW_COLUMNS}
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.saved_revision
      where f.account_id = $1 and f.id = $2 and f.deleted_at is null`,
    [key.accountId, key.flowId],
  );
  return rows[0] ? readFlow(pool, documents, rows[0]) : null;
}

/** By the unique index flows_by_id. Of any account: a submit URL names none. */
async function findFlowOfAnyAccount({ pool, documents }: Deps, flowId: string): Promise<FlowRecord | null> {
  const { rows } = await pool.query<FlowRow>(
    `select ${FLOW_COLUMNS}
       from flows f
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id and r.revision = f.saved_revision
      where f.id = $1 and f.deleted_at is null`,
    [flowId],
  );
  return rows[0] ? readFlow(pool, documents, rows[0]) : null;
}

/** Along the primary key, and for each row by activity_by_subject, which has the saves of the flow. */
async function listRevisions(
  pool: pg.Pool,
  request: { accountId: string; flowId: string; before: number | null; limit: number },
): Promise<RevisionFacts[]> {
  const { accountId, flowId, before, limit } = request;
  const { rows } = await pool.query<{
    revision: number;
    saved_at: Date;
    deployed_at: Date | null;
    kind: Actor['kind'] | null;
    id: string | null;
    name: string | null;
    note: string | null;
  }>(
    `select r.revision, r.saved_at, r.deployed_at, r.note, a.actor_kind as kind, a.actor_id as id, a.actor_name as name
       from flow_revisions r
       left join activity a on a.account_id = r.account_id and a.subject_id = r.flow_id and a.kind = 'flow'
        and a.action in ('create', 'update') and a.after_revision = r.revision
      where r.account_id = $1 and r.flow_id = $2 and ($3::int is null or r.revision < $3)
      order by r.revision desc limit $4`,
    [accountId, flowId, before, limit],
  );
  return rows.map(({ revision, saved_at, deployed_at, kind, id, name, note }) => ({
    revision,
    note,
    savedAt: saved_at.getTime(),
    deployedAt: deployed_at?.getTime() ?? null,
    by: kind === null || id === null || name === null ? null : { kind, id, name },
  }));
}

/** Undoes the transaction of a batch of which one draft was refused. */
class BatchRefused extends Error {
  readonly refusal: SaveRefusal;
  constructor(refusal: SaveRefusal) {
    super(`draft ${refusal.index}: ${refusal.kind}`);
    this.refusal = refusal;
  }
}

async function saveFlows(
  { pool, documents, record, box }: Deps,
  request: { accountId: string; now: number; drafts: readonly Draft[] },
): Promise<Result<FlowRecord[], SaveRefusal>> {
  const { accountId, now, drafts } = request;
  // Flows are locked in the order of their ids, so that two batches cannot wait for each other.
  const inLockOrder = drafts
    .map((draft, index) => ({ draft, index }))
    .sort((a, b) => (a.draft.flowId < b.draft.flowId ? -1 : 1));
  try {
    const saved = await inTransaction(pool, async (client) => {
      const records = new Map<number, FlowRecord>();
      for (const { draft, index } of inLockOrder) {
        const outcome = await saveFlow(client, { documents, box }, { accountId, now, draft });
        if ('kind' in outcome) throw new BatchRefused({ ...outcome, index });
        records.set(index, outcome);
      }
      const named = listNamedEntities([...records.values()].map(({ document }) => document));
      await ensureEntities(client, record, { accountId, named, now });
      for (const saved of records.values()) await record(client, accountId, changeOfSave(saved));
      return records;
    });
    // Behind the commit: the number of a revision that was rolled back is given again.
    for (const { id: flowId, revision, document } of saved.values())
      documents.keep({ accountId, flowId, revision }, document);
    return ok([...saved].sort(([a], [b]) => a - b).map(([, record]) => record));
  } catch (error) {
    if (error instanceof BatchRefused) return fail(error.refusal);
    throw error;
  }
}

/** Each save makes the next revision. */
function changeOfSave({ id, document, revision }: FlowRecord): Change {
  const before = revision === 1 ? null : { revision: revision - 1 };
  return {
    kind: 'flow',
    action: before ? 'update' : 'create',
    subject: { id, name: nameOfFlow(document) },
    before,
    after: { revision },
  };
}

type Writing = Pick<Deps, 'documents' | 'box'>;

async function saveFlow(
  client: pg.ClientBase,
  writing: Writing,
  request: { accountId: string; now: number; draft: Draft },
): Promise<FlowRecord | { kind: 'id-taken' | 'not-found' } | StaleRevision> {
  const { accountId, now, draft } = request;
  if (draft.mode !== 'create') {
    const previous = await lockFlow(client, writing.documents, { accountId, flowId: draft.flowId });
    // Asked while the flow is locked, so of two who edited one revision only one saves.
    const stale = previous && staleRevision(previous, draft.expected);
    if (stale) return stale;
    if (previous) return insertNextRevision(client, writing, { previous, now, revision: draft.revise(previous) });
    if (draft.mode === 'replace') return { kind: 'not-found' };
  }
  return insertFlow(client, writing, { accountId, flowId: draft.flowId, now, revision: draft.revise(null) });
}

async function insertFlow(
  client: pg.ClientBase,
  writing: Writing,
  request: { accountId: string; flowId: string; now: number; revision: Revision },
): Promise<FlowRecord | { kind: 'id-taken' }> {
  const { accountId, flowId, now, revision } = request;
  const { rows: inserted } = await client.query(
    `insert into flows (account_id, id, saved_revision, created_at, updated_at)
     values ($1, $2, 1, $3, $3)
     on conflict do nothing
     returning id`,
    [accountId, flowId, new Date(now)],
  );
  // Also the id of a deleted flow stays taken: its leads carry it.
  if (inserted.length === 0) return { kind: 'id-taken' };
  const { errors } = revision;
  const document = await insertRevision(client, writing, { accountId, flowId, number: 1, now, revision });
  return {
    accountId,
    id: flowId,
    document,
    errors,
    revision: 1,
    deployedRevision: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Saves the next revision of a flow that is locked, in the transaction of a publish. */
export async function saveInTransaction(
  client: pg.ClientBase,
  deps: Pick<Deps, 'documents' | 'box' | 'record'>,
  request: { previous: FlowRecord; now: number; revision: Revision },
): Promise<FlowRecord> {
  const { accountId } = request.previous;
  const saved = await insertNextRevision(client, deps, request);
  const named = listNamedEntities([saved.document]);
  await ensureEntities(client, deps.record, { accountId, named, now: request.now });
  await deps.record(client, accountId, changeOfSave(saved));
  return saved;
}

async function insertNextRevision(
  client: pg.ClientBase,
  writing: Writing,
  request: { previous: FlowRecord; now: number; revision: Revision },
): Promise<FlowRecord> {
  const { previous, now, revision } = request;
  const { accountId, id: flowId } = previous;
  const number = previous.revision + 1;
  const document = await insertRevision(client, writing, { accountId, flowId, number, now, revision });
  await client.query('update flows set saved_revision = $3, updated_at = $4 where account_id = $1 and id = $2', [
    accountId,
    flowId,
    number,
    new Date(now),
  ]);
  return { ...previous, document, errors: revision.errors, revision: number, updatedAt: now };
}

/** Returns the document as it is stored: without secrets. */
async function insertRevision(
  client: pg.ClientBase,
  { documents, box }: Writing,
  request: { accountId: string; flowId: string; number: number; now: number; revision: Revision },
): Promise<FlowRecord['document']> {
  const { accountId, flowId, number, now, revision } = request;
  const document = await sealFlowSecrets(client, { accountId, flowId, document: revision.document, now, box });
  const text = await documents.write(document);
  await client.query(
    `insert into flow_revisions (account_id, flow_id, revision, document, errors, saved_at, note)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, flowId, number, text, jsonOrNull(revision.errors), new Date(now), revision.note ?? null],
  );
  return document;
}

/** By primary key. A revision that is no longer the saved one is left as it is. */
async function writeErrors(
  pool: pg.Pool,
  request: { accountId: string; flowId: string; revision: number; errors: Record<string, string> | null },
): Promise<void> {
  await pool.query('update flow_revisions set errors = $4 where account_id = $1 and flow_id = $2 and revision = $3', [
    request.accountId,
    request.flowId,
    request.revision,
    jsonOrNull(request.errors),
  ]);
}

async function removeFlow(
  client: pg.ClientBase,
  { documents, record }: Deps,
  request: { accountId: string; flowId: string; now: number; expected: readonly number[] },
): Promise<Result<FlowRecord, StaleRevision> | null> {
  const { accountId, flowId, now, expected } = request;
  await lockAccount(client, accountId);
  const flow = await lockFlow(client, documents, { accountId, flowId });
  if (!flow) return null;
  const stale = staleRevision(flow, expected);
  if (stale) return fail(stale);
  await client.query('update flows set deleted_at = $3 where account_id = $1 and id = $2', [
    accountId,
    flowId,
    new Date(now),
  ]);
  await client.query('delete from flow_drafts where account_id = $1 and flow_id = $2', [accountId, flowId]);
  await client.query('delete from test_leads where account_id = $1 and flow_id = $2', [accountId, flowId]);
  await writeChannels(client, { accountId, flowId, targets: [], now });
  await announceConfig(client, accountId);
  const subject = { id: flow.id, name: nameOfFlow(flow.document) };
  await record(client, accountId, {
    kind: 'flow',
    action: 'delete',
    subject,
    before: { revision: flow.revision },
    after: null,
  });
  return ok(flow);
}

function jsonOrNull(value: Record<string, string> | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
