import type pg from 'pg';
import type { Actor } from '../../access/principal.ts';
import type {
  DraftKey,
  DraftRefusal,
  DraftStore,
  FlowDraft,
  ListedDraft,
  PublishRefusal,
  PublishRequest,
  StaleDraft,
} from '../../drafts/flow-draft.ts';
import { hasMask, putConnectionString, takeConnectionString } from '../../flows/connection-string.ts';
import type { JsonObject } from '../../flows/flow-json.ts';
import { type FlowRecord, staleRevision } from '../../flows/flow-store.ts';
import { assert } from '../../lib/assert.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { SecretBox } from '../secret-box.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { deployFlow } from './deploy-flow.ts';
import { lockFlow, nameOfFlow } from './flow-row.ts';
import { saveInTransaction } from './flows.ts';
import { inTransaction } from './in-transaction.ts';
import type { RevisionDocuments } from './revision-documents.ts';

export interface DraftStoreDeps {
  pool: pg.Pool;
  documents: RevisionDocuments;
  box: SecretBox;
  /** Absent: changes are not recorded. */
  record?: RecordChange;
}

/**
 * Drafts of flows. Leads never read one, so no change of one raises the account's configuration version. Every change locks
 * the flow's row first, as saves, deploys and removals do: none of them runs beside another of the same flow.
 */
export function createDraftStore({ pool, documents, box, record = RECORD_NOTHING }: DraftStoreDeps): DraftStore {
  const deps = { documents, box, record };
  return {
    list: (accountId) => listDrafts(pool, accountId),
    find: async (key) => {
      const row = await readRow(pool, key);
      return row && draftOf(row, documents);
    },
    put: (key, given) => inTransaction(pool, (client) => putDraft(client, deps, { key, given })),
    discard: (key, given) => inTransaction(pool, (client) => discardDraft(client, deps, { key, given })),
    publish: (request) => publish(pool, deps, request),
  };
}

type Deps = Required<Omit<DraftStoreDeps, 'pool'>>;
type Db = Pick<pg.ClientBase, 'query'>;

/** Where a sealed connection string of a draft belongs. */
export function draftSecretContext(flowId: string): string {
  return `flow_draft:${flowId}`;
}

async function putDraft(
  client: pg.PoolClient,
  { documents, box }: Deps,
  { key, given }: { key: DraftKey; given: Parameters<DraftStore['put']>[1] },
): Promise<Result<FlowDraft, DraftRefusal>> {
  const { accountId, flowId } = key;
  if (!(await isThere(client, key))) return fail({ kind: 'unknown-flow' });
  const row = await readRow(client, key);
  const stale = staleDraft(row, given.version);
  if (stale) return fail(stale);
  const taken = takeConnectionString(given.document);
  const text = await documents.write(taken.document);
  const { by, baseRevision, now } = given;
  const { rows } = await client.query<DraftRow>(
    `insert into flow_drafts as d (account_id, flow_id, version, base_revision, document, sealed_secret, user_kind, user_id,
       user_name, updated_at)
     values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9)
     on conflict (account_id, flow_id) do update
        set version = d.version + 1, base_revision = excluded.base_revision, document = excluded.document,
            sealed_secret = excluded.sealed_secret, user_kind = excluded.user_kind, user_id = excluded.user_id,
            user_name = excluded.user_name, updated_at = excluded.updated_at
     returning ${COLUMNS_WITHOUT_DOCUMENT}`,
    [
      ...[accountId, flowId, baseRevision, text, sealedSecret(taken, { row, box, flowId })],
      ...[by.kind, by.id, by.name, new Date(now)],
    ],
  );
  assert(rows[0], 'a draft is written');
  return ok(factsOf(rows[0], taken.document));
}

/** A mask keeps what the draft had; without one and without a new string the draft gives none. */
function sealedSecret(
  { document, secret }: { document: JsonObject; secret: string | null },
  { row, box, flowId }: { row: DraftRow | null; box: SecretBox; flowId: string },
): Buffer | null {
  if (secret !== null) return box.seal(secret, draftSecretContext(flowId));
  return hasMask(document) ? (row?.sealed_secret ?? null) : null;
}

async function discardDraft(
  client: pg.PoolClient,
  { documents, record }: Deps,
  { key, given }: { key: DraftKey; given: { version: number; now: number } },
): Promise<Result<FlowDraft, DraftRefusal>> {
  if (!(await isThere(client, key))) return fail({ kind: 'unknown-flow' });
  const row = await readRow(client, key);
  const stale = staleDraft(row, given.version);
  if (stale) return fail(stale);
  assert(row, 'a draft with this version is there');
  const draft = await draftOf(row, documents);
  assert(draft, 'a draft with this version has a document');
  await clearDraft(client, key, given.now);
  const subject = { id: key.flowId, name: nameOfFlow(draft.document) };
  await record(client, key.accountId, { kind: 'draft', action: 'delete', subject, before: null, after: null });
  return ok(draft);
}

async function publish(
  pool: pg.Pool,
  deps: Deps,
  request: PublishRequest,
): Promise<Result<FlowRecord, PublishRefusal>> {
  const { documents } = deps;
  try {
    const published = await inTransaction(pool, (client) => publishInTransaction(client, deps, request));
    const { accountId, id: flowId, revision, document } = published;
    // Behind the commit: the number of a revision that was rolled back is given again.
    documents.keep({ accountId, flowId, revision }, document);
    return ok(published);
  } catch (error) {
    if (error instanceof PublishRefused) return fail(error.refusal);
    throw error;
  }
}

/** Undoes the transaction of a publish that was refused. */
class PublishRefused extends Error {
  readonly refusal: PublishRefusal;
  constructor(refusal: PublishRefusal) {
    super(`draft: ${refusal.kind}`);
    this.refusal = refusal;
  }
}

/** The account's row is locked first, as by every deploy. */
async function publishInTransaction(client: pg.PoolClient, deps: Deps, request: PublishRequest): Promise<FlowRecord> {
  const { accountId, flowId, now, next, note } = request;
  await lockAccount(client, accountId);
  const previous = await lockFlow(client, deps.documents, request);
  if (!previous) throw new PublishRefused({ kind: 'unknown-flow' });
  const row = await readRow(client, request);
  const stale = staleDraft(row, request.version) ?? staleRevision(previous, [request.revision]);
  if (stale) throw new PublishRefused(stale);
  const document = withSecret(next.document, { row, box: deps.box, flowId });
  if (!document) throw new PublishRefused({ kind: 'lost-secret' });
  const saved = await saveInTransaction(client, deps, { previous, now, revision: { ...next, document, note } });
  const documents = readsUncommitted(deps.documents, saved);
  const deployed = await deployFlow(client, { documents, record: deps.record }, request);
  assert(deployed, 'a flow that is locked stays');
  if (!deployed.ok) throw new PublishRefused(deployed.error);
  await clearDraft(client, request, now);
  return deployed.value;
}

/** The document with the connection string of the draft in the place of its mask; undefined: no key opens it any more. */
function withSecret(
  document: JsonObject,
  { row, box, flowId }: { row: DraftRow | null; box: SecretBox; flowId: string },
): JsonObject | undefined {
  if (!row?.sealed_secret || !hasMask(document)) return document;
  const secret = box.open(row.sealed_secret, draftSecretContext(flowId));
  return secret === null ? undefined : putConnectionString(document, secret);
}

/** The revision is not committed: its document is read from here and never kept, because its number may be given again. */
function readsUncommitted(documents: RevisionDocuments, saved: FlowRecord): RevisionDocuments {
  return {
    ...documents,
    read: async (db, key) => (key.revision === saved.revision ? saved.document : documents.read(db, key)),
  };
}

/** Is there a flow, not deleted? Locks its row until the transaction ends; by primary key. */
async function isThere(client: Db, { accountId, flowId }: DraftKey): Promise<boolean> {
  const { rows } = await client.query(
    'select from flows where account_id = $1 and id = $2 and deleted_at is null for update',
    [accountId, flowId],
  );
  return rows.length > 0;
}

/** The next draft goes on with the number of the version. By primary key. */
async function clearDraft(client: Db, { accountId, flowId }: DraftKey, now: number): Promise<void> {
  await client.query(
    `update flow_drafts set document = null, sealed_secret = null, updated_at = $3 where account_id = $1 and flow_id = $2`,
    [accountId, flowId, new Date(now)],
  );
}

function staleDraft(row: DraftRow | null, given: number | null): StaleDraft | undefined {
  const found = row?.document == null ? null : row;
  if ((found?.version ?? null) === given) return undefined;
  const known = found && { version: found.version, by: actorOf(found), updatedAt: found.updated_at.getTime() };
  return { kind: 'stale-draft', given, found: known };
}

const COLUMNS_WITHOUT_DOCUMENT =
  'flow_id, version, base_revision, sealed_secret, user_kind, user_id, user_name, updated_at';

interface DraftRow {
  flow_id: string;
  version: number;
  base_revision: number;
  document: string | null;
  sealed_secret: Buffer | null;
  user_kind: Actor['kind'];
  user_id: string;
  user_name: string;
  updated_at: Date;
}

/** By the first column of the primary key. No document is read; what was published or discarded has none. */
async function listDrafts(db: Db, accountId: string): Promise<ListedDraft[]> {
  const { rows } = await db.query<Omit<DraftRow, 'document'>>(
    `select ${COLUMNS_WITHOUT_DOCUMENT} from flow_drafts where account_id = $1 and document is not null order by flow_id`,
    [accountId],
  );
  return rows.map(listedOf);
}

/** By primary key; the document as text, to be parsed in slices. */
async function readRow(db: Db, { accountId, flowId }: DraftKey): Promise<DraftRow | null> {
  const { rows } = await db.query<DraftRow>(
    `select ${COLUMNS_WITHOUT_DOCUMENT}, document::text as document
       from flow_drafts where account_id = $1 and flow_id = $2`,
    [accountId, flowId],
  );
  return rows[0] ?? null;
}

async function draftOf(row: DraftRow, documents: RevisionDocuments): Promise<FlowDraft | null> {
  return row.document === null ? null : factsOf(row, await documents.parse(row.document));
}

function factsOf(row: Omit<DraftRow, 'document'>, document: JsonObject): FlowDraft {
  return { ...listedOf(row), document };
}

function listedOf(row: Omit<DraftRow, 'document'>): ListedDraft {
  const { flow_id: flowId, version, base_revision: baseRevision } = row;
  return { flowId, version, baseRevision, by: actorOf(row), updatedAt: row.updated_at.getTime() };
}

function actorOf(row: Pick<DraftRow, 'user_kind' | 'user_id' | 'user_name'>): Actor {
  return { kind: row.user_kind, id: row.user_id, name: row.user_name };
}
