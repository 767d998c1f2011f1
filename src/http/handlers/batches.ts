import type { Principal } from '../../access/principal.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import type { Batch, BatchDefinition, BatchFile, BatchStore, FileState } from '../../batches/batch.ts';
import { createFileBuilder } from '../../batches/build-file.ts';
import { type GivenBatch, readDefinition, TARGET_ATTRIBUTES } from '../../batches/read-definition.ts';
import { findNextRun } from '../../batches/schedule.ts';
import type { CredentialStore } from '../../credentials/credential-store.ts';
import { isMailAddress } from '../../integrations/formats/mail-text.ts';
import { assert, unreachable } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Problem } from '../../model/problem.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { sentenceOfUse } from './sentence-of-use.ts';

export interface BatchDeps {
  batches: BatchStore;
  credentials: CredentialStore;
  accounts: AccountStore;
  ids: Ids;
  clock: Pick<Clock, 'now'>;
}

interface BatchRequest {
  principal: Principal;
  params: { id: string };
}

type FileRequest = BatchRequest & { params: { file_id: string } };

const UNKNOWN_BATCH = apiError('not_found', 'There is no batch with this id.');
export const UNKNOWN_FILE = apiError(
  'not_found',
  'The batch has no file with this id; files are deleted after the days that their batch keeps them.',
);
const MALFORMED = 'The batch is not valid; details says where.';
const PAGE_DEFAULT = 25;

/** `GET /batches`. */
export async function listBatches(
  { batches }: Pick<BatchDeps, 'batches'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  return answer(200, (await batches.list(principal.accountId)).map(batchJson));
}

/** `POST /batches`. */
export async function createBatch(
  deps: BatchDeps,
  { principal, body }: { principal: Principal; body: GivenBatch },
): Promise<ApiResult> {
  const read = await readGiven(deps, { accountId: principal.accountId, body });
  if (!read.ok) return invalidDocument(read.error, MALFORMED);
  const key = { accountId: principal.accountId, batchId: deps.ids.next() };
  return answer(201, batchJson(await deps.batches.insert(key, read.value)));
}

/** `GET /batches/{id}`; a deleted one as long as it has files. */
export async function readBatch({ batches }: Pick<BatchDeps, 'batches'>, request: BatchRequest): Promise<ApiResult> {
  const found = await batches.find(keyOf(request));
  return found ? answer(200, batchJson(found)) : UNKNOWN_BATCH;
}

/** `PUT /batches/{id}`: rows that wait go into files as it says then. */
export async function replaceBatch(
  deps: BatchDeps,
  { body, ...request }: BatchRequest & { body: GivenBatch },
): Promise<ApiResult> {
  const read = await readGiven(deps, { accountId: request.principal.accountId, body });
  if (!read.ok) return invalidDocument(read.error, MALFORMED);
  const replaced = await deps.batches.replace(keyOf(request), read.value);
  return replaced ? answer(200, batchJson(replaced)) : UNKNOWN_BATCH;
}

/** `DELETE /batches/{id}`: refused while a flow names it or rows of it wait; its files stay until they expire. */
export async function removeBatch(
  { batches, clock }: Pick<BatchDeps, 'batches' | 'clock'>,
  { query, ...request }: BatchRequest & { query: { discard_rows: 'true' | 'false' | undefined } },
): Promise<ApiResult> {
  const made = { now: clock.now(), discardsRows: query.discard_rows === 'true' };
  const removed = await batches.remove(keyOf(request), made);
  switch (removed.kind) {
    case 'done':
      return answer(200, batchJson(removed.batch));
    case 'missing':
      return UNKNOWN_BATCH;
    case 'used':
      return apiError('conflict', sentenceOfUse('The batch', removed.flows));
    case 'rows':
      return apiError(
        'conflict',
        `${removed.rows} rows of the batch are not in a file yet, or a file of it is not delivered: deliver them first, or delete with discard_rows=true.`,
      );
    default:
      return unreachable(removed);
  }
}

/** `POST /batches/{id}/deliver`: the next run begins within seconds, in one of the processes. */
export async function deliverBatch(
  { batches, clock }: Pick<BatchDeps, 'batches' | 'clock'>,
  { body, ...request }: BatchRequest & { body: { keep_rows?: boolean } },
): Promise<ApiResult> {
  const made = { now: clock.now(), keepsRows: body.keep_rows === true };
  const asked = await batches.ask(keyOf(request), made);
  return asked ? answer(202, batchJson(asked)) : UNKNOWN_BATCH;
}

/** `GET /batches/{id}/files`: newest first. */
export async function listBatchFiles(
  { batches }: Pick<BatchDeps, 'batches'>,
  {
    query,
    ...request
  }: BatchRequest & {
    query: { state: FileState | undefined; before_id: string | undefined; limit: number | undefined };
  },
): Promise<ApiResult> {
  if (!(await batches.find(keyOf(request)))) return UNKNOWN_BATCH;
  const page = { state: query.state, before: query.before_id, limit: query.limit ?? PAGE_DEFAULT };
  return answer(200, (await batches.pageFiles(keyOf(request), page)).map(fileJson));
}

/** `GET /batches/{id}/files/{file_id}`: with the leads that are in it. */
export async function readBatchFile(
  { batches }: Pick<BatchDeps, 'batches'>,
  { query, ...request }: FileRequest & { query: { after: number | undefined; limit: number | undefined } },
): Promise<ApiResult> {
  const file = await findFileOf({ batches }, request);
  if (!file) return UNKNOWN_FILE;
  const page = { after: query.after ?? 0, limit: query.limit ?? PAGE_DEFAULT };
  const rows = await batches.pageFileRows({ accountId: file.accountId, fileId: file.id }, page);
  const leads = rows.map(({ position, leadId, eventId }) => ({ position, lead_id: leadId, event_id: eventId }));
  return answer(200, { ...fileJson(file), leads });
}

/** `POST /batches/{id}/files/{file_id}/resend`: the same bytes, or with `rebuild` another file of the same rows. */
export async function resendBatchFile(
  { batches, accounts, ids, clock }: Pick<BatchDeps, 'batches' | 'accounts' | 'ids' | 'clock'>,
  { body, ...request }: FileRequest & { body: { rebuild?: boolean } },
): Promise<ApiResult> {
  const file = await findFileOf({ batches }, request);
  if (!file) return UNKNOWN_FILE;
  const now = clock.now();
  const key = { accountId: file.accountId, fileId: file.id };
  if (body.rebuild !== true) {
    const resent = await batches.resendFile(key, { now });
    return resent ? answer(202, fileJson(resent)) : DELETED;
  }
  const batch = await batches.find(keyOf(request));
  if (batch === null || batch.deletedAt !== null) return DELETED;
  const fileId = ids.next();
  const zone = await zoneOf({ accounts }, file.accountId);
  const rebuilt = await batches.rebuildFile(key, {
    ...{ fileId, now, expiresAt: file.expiresAt },
    builder: createFileBuilder(batch.definition, { id: fileId, at: now, zone }),
  });
  return rebuilt ? answer(202, fileJson(rebuilt)) : TOO_LARGE;
}

const DELETED = apiError('conflict', 'The batch is deleted: its files can be downloaded, and no longer sent.');
const TOO_LARGE = apiError(
  'conflict',
  'The rows do not fit into one file with rows_max and bytes_max as they are now: raise them, or send the file as it is.',
);

async function findFileOf(
  { batches }: Pick<BatchDeps, 'batches'>,
  { principal, params }: FileRequest,
): Promise<BatchFile | null> {
  const file = await batches.findFile({ accountId: principal.accountId, fileId: params.file_id });
  return file?.batchId === params.id ? file : null;
}

function keyOf({ principal, params }: BatchRequest): { accountId: string; batchId: string } {
  return { accountId: principal.accountId, batchId: params.id };
}

async function readGiven(
  deps: Pick<BatchDeps, 'credentials' | 'accounts' | 'clock'>,
  { accountId, body }: { accountId: string; body: GivenBatch },
): Promise<Result<{ definition: BatchDefinition; now: number; scheduledAt: number | null }, Problem[]>> {
  const read = readDefinition(body, { isMailAddress });
  const credentialProblem = await findCredentialProblem(deps, { accountId, body });
  const problems = [...(read.ok ? [] : read.error), ...credentialProblem];
  if (!read.ok || problems.length > 0) return fail(problems);
  const definition = read.value;
  const now = deps.clock.now();
  const zone = await zoneOf(deps, accountId);
  const scheduledAt = definition.enabled ? findNextRun(definition.schedule, now, zone) : null;
  return ok({ definition, now, scheduledAt });
}

async function findCredentialProblem(
  { credentials }: Pick<BatchDeps, 'credentials'>,
  { accountId, body: { target } }: { accountId: string; body: GivenBatch },
): Promise<Problem[]> {
  const path = 'target.credential_id';
  const found = await credentials.find({ accountId, credentialId: target.credential_id });
  if (!found) return [{ path, message: 'There is no credential with this id: GET /credentials lists them.' }];
  const wanted = TARGET_ATTRIBUTES[target.type].credential;
  if (found.type === wanted) return [];
  return [
    { path, message: `Is of the type ${found.type}: the target ${target.type} needs one of the type ${wanted}.` },
  ];
}

async function zoneOf({ accounts }: Pick<BatchDeps, 'accounts'>, accountId: string): Promise<string> {
  const account = await accounts.find(accountId);
  assert(account, `the account ${accountId} of a caller exists`);
  return account.timeZone;
}

function batchJson(batch: Batch): object {
  return {
    id: batch.batchId,
    ...batch.definition,
    waiting_rows: batch.waitingRows,
    oldest_row_at: isoOf(batch.oldestRowAt),
    waiting_files: batch.waitingFiles,
    running: batch.isRunning,
    next_run_at: isoOf(batch.scheduledAt),
    last_run_at: isoOf(batch.lastRunAt),
    last_error: batch.lastError,
    created_at: isoOf(batch.createdAt),
    updated_at: isoOf(batch.updatedAt),
    deleted_at: isoOf(batch.deletedAt),
  };
}

function fileJson(file: BatchFile): object {
  return {
    id: file.id,
    batch_id: file.batchId,
    name: file.name,
    content_type: file.contentType,
    rows: file.rows,
    bytes: file.bytes,
    state: file.state,
    attempts: file.attempts,
    reason: file.reason,
    target: file.target,
    url: `/batches/${file.batchId}/files/${file.id}/download`,
    created_at: isoOf(file.createdAt),
    attempted_at: isoOf(file.attemptedAt),
    delivered_at: isoOf(file.deliveredAt),
    next_attempt_at: isoOf(file.nextAttemptAt),
    expires_at: isoOf(file.expiresAt),
  };
}

function isoOf(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
