import { IANAZone } from 'luxon';
import { maySeeValues, type Principal } from '../../access/principal.ts';
import type { UserStore } from '../../access/users/user-store.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import {
  DATE_FORMATS,
  EXPORT_FORMATS,
  EXPORTS_OPEN_MAX,
  type ExportDefinition,
  type ExportFilter,
  type ExportStore,
} from '../../exports/export.ts';
import { DEFAULT_FIELDS } from '../../exports/export-columns.ts';
import { planExport } from '../../exports/export-plan.ts';
import { computeExportRange, computeOldestKept } from '../../exports/export-range.ts';
import type { FieldStore } from '../../fields/field-store.ts';
import { STANDARD_FIELDS } from '../../fields/standard-fields.ts';
import { exportRows } from '../../jobs/work/export.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Account } from '../../model/entity.ts';
import { EVENT_OUTCOMES, EVENT_TYPES } from '../../model/event.ts';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import type { Problem } from '../../model/problem.ts';
import type { Rule } from '../../model/rule-set.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { exportJson } from '../exports/export-json.ts';
import { startOfTime } from '../parameters.ts';
import { invalidDocument } from '../read-body.ts';

export interface ExportRouteDeps {
  exports: ExportStore;
  users: Pick<UserStore, 'list'>;
  accounts: Pick<AccountStore, 'find'>;
  fields: Pick<FieldStore, 'list'>;
  /** Has the installation a mail server? */
  isMailSet: boolean;
  ids: Ids;
  clock: Pick<Clock, 'now'>;
}

const PAGE_DEFAULT = 25;
export const UNKNOWN_EXPORT = apiError('not_found', 'There is no export with this id; it may have expired.');
const TOO_MANY = apiError(
  'conflict',
  `${EXPORTS_OPEN_MAX} exports of the account have not ended: wait for one, or cancel or delete one.`,
);

/** `GET /exports`: those that have not expired, newest first. */
export async function listExports(
  { exports, clock }: Pick<ExportRouteDeps, 'exports' | 'clock'>,
  { principal, query }: { principal: Principal; query: { before_id: string | undefined; limit: number | undefined } },
): Promise<ApiResult> {
  const { accountId } = principal;
  const limit = query.limit ?? PAGE_DEFAULT;
  const page = await exports.page({ accountId, before: query.before_id, limit, now: clock.now() });
  return answer(200, page.map(exportJson));
}

/** `GET /exports/{id}` */
export async function readExport(
  { exports, clock }: Pick<ExportRouteDeps, 'exports' | 'clock'>,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const found = await exports.find({ accountId: principal.accountId, id: params.id, now: clock.now() });
  return found ? answer(200, exportJson(found)) : UNKNOWN_EXPORT;
}

/** `DELETE /exports/{id}`: with its file; its job stops. */
export async function removeExport(
  { exports, clock }: Pick<ExportRouteDeps, 'exports' | 'clock'>,
  { principal, params }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, id: params.id, now: clock.now() };
  const found = await exports.find(key);
  if (!found || !(await exports.remove(key))) return UNKNOWN_EXPORT;
  return answer(200, exportJson(found));
}

export interface GivenExport extends ExportFilter {
  start: string;
  end?: string;
  rows?: ExportDefinition['rows'];
  format?: ExportDefinition['format'];
  filter_rules?: unknown[];
  fields?: string[];
  email_to?: string[];
  date_format?: ExportDefinition['date_format'];
  time_zone?: string;
}

/** `POST /exports`: puts the job that writes the file into the queue. */
export async function createExport(
  deps: ExportRouteDeps,
  { principal, body }: { principal: Principal; body: GivenExport },
): Promise<ApiResult> {
  const { accountId, actor: askedBy } = principal;
  const { exports, clock, ids } = deps;
  const now = clock.now();
  const account = await loadAccount(deps, accountId);
  const definition = readDefinition(body, { account, principal, now });
  const emailTo = [...new Set((body.email_to ?? []).map((each) => each.trim().toLowerCase()))];
  const problems = [
    ...findFaults(body, { definition, account, now }),
    ...(await findUnplanned(deps, { accountId, definition })),
    ...(await findMailFaults(deps, { accountId, emailTo })),
  ];
  if (problems.length > 0) return invalidDocument(problems);
  const id = ids.next();
  const made = { accountId, id, definition, askedBy, emailTo, attemptsMax: exportRows.attemptsMax, now };
  if (!(await exports.create(made))) return TOO_MANY;
  const found = await exports.find({ accountId, id, now });
  return found ? { ...answer(201, exportJson(found)), headers: { Location: `/exports/${id}` } } : UNKNOWN_EXPORT;
}

/** Times that cannot be read are epoch 0 here, and a fault there. */
function readDefinition(
  body: GivenExport,
  { account, principal, now }: { account: Account; principal: Principal; now: number },
): ExportDefinition {
  const rows = body.rows ?? 'events';
  const timeOf = (text: string | undefined) => new Date(text === undefined ? now : (readTime(text) ?? 0)).toISOString();
  return {
    rows,
    format: body.format ?? EXPORT_FORMATS[0],
    start: timeOf(body.start),
    end: timeOf(body.end),
    // Whatever is no rule is refused by their compiler.
    filter_rules: (body.filter_rules ?? []) as Rule[],
    fields: body.fields ?? [...DEFAULT_FIELDS[rows]],
    date_format: body.date_format ?? DATE_FORMATS[0],
    time_zone: body.time_zone ?? account.timeZone,
    hides_values: !maySeeValues(principal),
    ...readFilter(body),
  };
}

function readFilter({ type, outcome, flow_id, source_id, recipient_id }: ExportFilter): ExportFilter {
  const lower = (ids: string[] | undefined) => ids?.map((each) => each.toLowerCase());
  return {
    ...{ type, outcome },
    ...{ flow_id: lower(flow_id), source_id: lower(source_id), recipient_id: lower(recipient_id) },
  };
}

/** Epoch ms; undefined: it is no date or time. */
function readTime(text: string): number | undefined {
  const read = startOfTime().parse([text]);
  return read.ok ? read.value : undefined;
}

function findFaults(
  body: GivenExport,
  { definition, account, now }: { definition: ExportDefinition; account: Account; now: number },
): Problem[] {
  const { dataRetentionInDays } = account;
  const unread = (['start', 'end'] as const).filter((name) => {
    const given = body[name];
    return given !== undefined && readTime(given) === undefined;
  });
  if (unread.length > 0) return unread.map((path) => ({ path, message: NO_TIME }));
  const { range } = computeExportRange(definition, { now, dataRetentionInDays });
  const oldest = new Date(computeOldestKept(now, dataRetentionInDays)).toISOString();
  const problems: Problem[] = [];
  if (Date.parse(definition.end) <= Date.parse(definition.start))
    problems.push({ path: 'end', message: 'The range is empty: end is excluded, so it must be later than start.' });
  else if (Date.parse(definition.start) >= now)
    problems.push({ path: 'start', message: 'Nothing has happened yet: start must be in the past.' });
  else if (definition.end < oldest)
    problems.push({
      path: 'end',
      message: `Nothing is kept of this range: the account keeps ${dataRetentionInDays} days, so from ${oldest} on.`,
    });
  else if (range.after >= range.before)
    problems.push({ path: 'end', message: 'The range is shorter than a second, which is as fine as it is cut.' });
  if (!IANAZone.isValidZone(definition.time_zone))
    problems.push({ path: 'time_zone', message: 'Must be a zone such as UTC or America/Chicago.' });
  return [...problems, ...findRepeated(definition.fields), ...findFilterFaults(definition)];
}

/** A row of JSON would have one of the two, and a table a column that nobody means. */
function findRepeated(fields: readonly string[]): Problem[] {
  return fields.flatMap((field, index) => {
    const first = fields.indexOf(field);
    return first === index ? [] : [{ path: `fields.${index}`, message: `Is fields.${first} already: leave it out.` }];
  });
}

const NO_TIME = 'Must be an ISO 8601 date or time, such as 2025-03-20 or 2025-03-20T15:06:01Z.';

function findFilterFaults({ rows, type, outcome, recipient_id: recipientId }: ExportDefinition): Problem[] {
  const isOfLeads = rows === 'leads';
  const outcomes: readonly string[] = isOfLeads ? LEAD_OUTCOMES : EVENT_OUTCOMES;
  const types: readonly string[] = EVENT_TYPES;
  const wrong = (path: string, message: string): Problem[] => [{ path, message }];
  const notOfLeads = (path: string) => wrong(path, `Leads have none: leave ${path} out, or ask for "rows": "events".`);
  return [
    ...(isOfLeads && type ? notOfLeads('type') : []),
    ...(isOfLeads && recipientId ? notOfLeads('recipient_id') : []),
    ...(type?.every((each) => types.includes(each)) === false ? wrong('type', `Must be of ${types.join(', ')}.`) : []),
    ...(outcome?.every((each) => outcomes.includes(each)) === false
      ? wrong('outcome', `Must be of ${outcomes.join(', ')}.`)
      : []),
  ];
}

async function findUnplanned(
  { fields }: Pick<ExportRouteDeps, 'fields'>,
  { accountId, definition }: { accountId: string; definition: ExportDefinition },
): Promise<Problem[]> {
  const own = await fields.list(accountId);
  const fieldIds = new Set([...STANDARD_FIELDS.keys(), ...own.map(({ id }) => id)]);
  const plan = planExport(definition, fieldIds);
  return plan.ok ? [] : plan.error;
}

async function findMailFaults(
  { users, isMailSet }: Pick<ExportRouteDeps, 'users' | 'isMailSet'>,
  { accountId, emailTo }: { accountId: string; emailTo: readonly string[] },
): Promise<Problem[]> {
  if (emailTo.length === 0) return [];
  const known = new Set((await users.list(accountId)).filter(isActive).map(({ email }) => email));
  return [
    ...(isMailSet ? [] : [{ path: 'email_to', message: NO_MAIL }]),
    ...emailTo.flatMap((email, index) => (known.has(email) ? [] : [{ path: `email_to.${index}`, message: NO_USER }])),
  ];
}

function isActive({ status }: { status: string }): boolean {
  return status !== 'disabled';
}

const NO_MAIL = 'This installation has no mail server: its operator sets one with SLUICE_SMTP_URL.';
const NO_USER = 'Only users of the account get exports: no user has this address. GET /users lists them.';
