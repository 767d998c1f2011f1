import type { Actor, Principal } from '../../access/principal.ts';
import { readEmailAddress } from '../../field-types/email-address.ts';
import { readPhoneNumber } from '../../field-types/phone-number.ts';
import type { JobStore } from '../../jobs/job.ts';
import type { QueueRow } from '../../jobs/job-row.ts';
import {
  type HoldStore,
  type LegalHold,
  NAMED_LEADS_MAX,
  type PrivacyRequestStore,
  type Receipt,
  type Subject,
} from '../../jobs/privacy-deps.ts';
import { type ErasePersonInput, erasePerson } from '../../jobs/work/erase-person.ts';
import { exportPerson } from '../../jobs/work/export-person.ts';
import { type FindHeldLeadsInput, findHeldLeads } from '../../jobs/work/find-held-leads.ts';
import { assert } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { jobJson } from '../jobs/job-json.ts';
import { invalidDocument } from '../read-body.ts';

export interface PrivacyRouteDeps {
  holds: HoldStore;
  receipts: {
    list(accountId: string): Promise<(Receipt & { createdAt: number })[]>;
    find(key: { accountId: string; id: string }): Promise<Receipt | null>;
    readPublicKey(): Promise<string>;
    verify(receipt: { statement: string; signature: string }): Promise<boolean>;
  };
  privacyRequests: PrivacyRequestStore;
  jobs: JobStore;
  ids: Ids;
  clock: Pick<Clock, 'now'>;
}

interface GivenSubject {
  email?: string;
  phone?: string;
  lead_ids?: string[];
}

const UNKNOWN_HOLD = apiError('not_found', 'There is no legal hold with this id.');
const UNKNOWN_RECEIPT = apiError('not_found', 'There is no receipt with this id.');
const TOO_MANY_HOLDS = apiError('conflict', 'The account has as many legal holds as it may have; release one first.');

/** `GET /privacy/holds` */
export async function listHolds(
  { holds }: Pick<PrivacyRouteDeps, 'holds'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  return answer(200, (await holds.list(principal.accountId)).map(holdJson));
}

/** `POST /privacy/holds`: leads that are named are held when it answers; those of a person are found by a job. */
export async function createHold(
  deps: Pick<PrivacyRouteDeps, 'holds' | 'jobs' | 'ids' | 'clock'>,
  { principal, body }: { principal: Principal; body: GivenSubject & { note?: string } },
): Promise<ApiResult> {
  const subject = readSubject(body);
  if (!subject.ok) return subject.error;
  const { accountId, actor } = principal;
  const now = deps.clock.now();
  const given = { accountId, id: deps.ids.next(), subject: subject.value, createdBy: actor, now };
  const hold = await deps.holds.create({ ...given, note: body.note ?? '' });
  if (!hold) return TOO_MANY_HOLDS;
  if (subject.value.person !== null) {
    const input: FindHeldLeadsInput = { holdId: hold.id };
    await enqueue(deps, { accountId, id: deps.ids.next(), row: findHeldLeads, askedBy: actor, input });
  }
  return answer(201, holdJson(hold));
}

/** `DELETE /privacy/holds/{id}` */
export async function releaseHold(
  { holds }: Pick<PrivacyRouteDeps, 'holds'>,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const hold = await holds.release({ accountId: principal.accountId, id: params.id });
  return hold ? answer(200, holdJson(hold)) : UNKNOWN_HOLD;
}

/** `POST /privacy/erase`: a job; it changes nothing unless `preview` is false. */
export async function erase(
  deps: Pick<PrivacyRouteDeps, 'privacyRequests' | 'jobs' | 'ids' | 'clock'>,
  { principal, body }: { principal: Principal; body: GivenSubject & { preview?: boolean } },
): Promise<ApiResult> {
  const input: ErasePersonInput = { isPreview: body.preview ?? true };
  return ask(deps, { principal, body, row: erasePerson, input, action: input.isPreview ? 'preview' : 'erase' });
}

/** `POST /privacy/export`: a job that leaves a file. */
export async function exportSubject(
  deps: Pick<PrivacyRouteDeps, 'privacyRequests' | 'jobs' | 'ids' | 'clock'>,
  { principal, body }: { principal: Principal; body: GivenSubject },
): Promise<ApiResult> {
  return ask(deps, { principal, body, row: exportPerson, input: {}, action: 'export' });
}

async function ask(
  deps: Pick<PrivacyRouteDeps, 'privacyRequests' | 'jobs' | 'ids' | 'clock'>,
  asked: {
    principal: Principal;
    body: GivenSubject;
    row: QueueRow;
    input: object;
    action: 'preview' | 'erase' | 'export';
  },
): Promise<ApiResult> {
  const subject = readSubject(asked.body);
  if (!subject.ok) return subject.error;
  const { accountId, actor } = asked.principal;
  const id = deps.ids.next();
  // Before the job: it begins at once.
  const { action } = asked;
  await deps.privacyRequests.keepSubject({ accountId, id }, subject.value, { action, now: deps.clock.now() });
  await enqueue(deps, { accountId, id, row: asked.row, askedBy: actor, input: asked.input });
  const job = await deps.jobs.find({ accountId, id });
  assert(job, 'a job that was just written is there');
  return { ...answer(202, { job: jobJson(job) }), headers: { Location: `/jobs/${id}` } };
}

async function enqueue(
  { jobs, clock }: Pick<PrivacyRouteDeps, 'jobs' | 'clock'>,
  { row, ...job }: { accountId: string; id: string; row: QueueRow; askedBy: Actor; input: object },
): Promise<void> {
  const { name: kind, attemptsMax } = row;
  await jobs.create({ ...job, kind, attemptsMax, callId: null, total: null, now: clock.now() });
}

/** `GET /privacy/receipts` */
export async function listReceipts(
  { receipts }: Pick<PrivacyRouteDeps, 'receipts'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  const all = await receipts.list(principal.accountId);
  return answer(
    200,
    all.map(({ id, createdAt }) => ({ id, created_at: new Date(createdAt).toISOString() })),
  );
}

/** `GET /privacy/receipts/{id}` */
export async function readReceipt(
  { receipts }: Pick<PrivacyRouteDeps, 'receipts'>,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const receipt = await receipts.find({ accountId: principal.accountId, id: params.id });
  return receipt ? answer(200, receipt) : UNKNOWN_RECEIPT;
}

/** `GET /privacy/receipt_key` */
export async function readReceiptKey({ receipts }: Pick<PrivacyRouteDeps, 'receipts'>): Promise<ApiResult> {
  return answer(200, { algorithm: 'Ed25519', public_key: await receipts.readPublicKey() });
}

/** `POST /privacy/receipts/verify` */
export async function verifyReceipt(
  { receipts }: Pick<PrivacyRouteDeps, 'receipts'>,
  { body }: { body: { statement: string; signature: string } },
): Promise<ApiResult> {
  return answer(200, { valid: await receipts.verify(body) });
}

/** Exactly one of the three. A phone is American unless it says otherwise. */
function readSubject({ email, phone, lead_ids: leadIds }: GivenSubject): Result<Subject, ApiError> {
  const given = [email, phone, leadIds].filter((each) => each !== undefined);
  if (given.length !== 1) return fail(invalid('email', 'Give exactly one of email, phone and lead_ids.'));
  if (leadIds !== undefined) {
    return ok({ person: null, leadIds: [...new Set(leadIds.map((id) => id.toLowerCase()))].slice(0, NAMED_LEADS_MAX) });
  }
  if (email !== undefined) {
    const text = email.trim();
    if (!IS_ADDRESS.test(text) || !readEmailAddress(text)) return fail(invalid('email', 'Must be an e-mail address.'));
    return ok({ person: { kind: 'email', email: text }, leadIds: [] });
  }
  const reading = readPhoneNumber(phone ?? '');
  if (!reading || reading.isMasked || reading.national.length < PHONE_DIGITS_MIN)
    return fail(invalid('phone', 'Must be a whole phone number, with its calling code where it is not American.'));
  const { national, callingCode } = reading;
  return ok({ person: { kind: 'phone', national, callingCode: String(callingCode) }, leadIds: [] });
}

const IS_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** Shorter ones are parts of other numbers. */
const PHONE_DIGITS_MIN = 7;

function invalid(path: string, message: string): ApiError {
  return invalidDocument([{ path, message }]);
}

function holdJson({ id, kind, note, leads, createdBy, createdAt }: LegalHold): object {
  return { id, kind, note, leads, created_by: createdBy, created_at: new Date(createdAt).toISOString() };
}
