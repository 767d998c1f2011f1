import type { Principal } from '../../access/principal.ts';
import { createToken, hashToken } from '../../access/users/token.ts';
import type { UserStore } from '../../access/users/user-store.ts';
import { type AccountStore, loadAccount } from '../../accounts/account-store.ts';
import { findNextRun } from '../../batches/schedule.ts';
import { assert } from '../../lib/assert.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { TakeOne } from '../../lib/supplies.ts';
import type { Problem } from '../../model/problem.ts';
import type { AskedTime, StatisticsAnswer } from '../../reports/answer-statistics.ts';
import { DEFAULT_REPORTS } from '../../reports/default-reports.ts';
import type { StatisticsRow } from '../../reports/describe-statistics.ts';
import { linkRows } from '../../reports/link-rows.ts';
import { buildReportPage, type ReportPage } from '../../reports/page/report-page.ts';
import { writeReportMarkdown } from '../../reports/page/write-report-markdown.ts';
import { type GivenReport, placeInReport, readReport, statisticsOf, timeOf } from '../../reports/read-report.ts';
import {
  REPORT_NAME_CHARACTERS_MAX,
  REPORTS_MAX,
  type Report,
  type ReportDefinition,
  type ReportSchedule,
  type ReportStore,
  SHARE_DAYS_DEFAULT,
} from '../../reports/report.ts';
import { mayReadReport } from '../../reports/report-readers.ts';
import { runReport } from '../../reports/run-report.ts';
import { writeStatisticsCsv } from '../../reports/write-statistics-csv.ts';
import { parseTimeZone } from '../../statistics/time-zone.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { malformedQuery, type ParametersOf } from '../parameters.ts';
import { invalidDocument } from '../read-body.ts';
import type { RUN_PARAMETERS, SHARED_PARAMETERS } from '../report-question.ts';
import type { RequestBrowser } from '../route.ts';
import { tooManyRequests } from '../too-many-requests.ts';
import { answerDepsOf, askedTimeOf, refuseWithoutPermission, type StatisticsDeps, withCsv } from './statistics.ts';

export interface ReportDeps extends StatisticsDeps {
  reports: ReportStore;
  accounts: Pick<AccountStore, 'find'>;
  users: Pick<UserStore, 'list'>;
  /** Has the installation a mail server? */
  isMailSet: boolean;
  /** Bounds what one address opens by links. */
  takeSharedView: TakeOne;
  /** Runs for links that are under way. */
  sharedRuns: Set<symbol>;
  randomBytes(count: number): Buffer;
  ids: Ids;
}

interface ReportRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_REPORT = apiError('not_found', 'There is no report with this id.');
const UNKNOWN_LINK = apiError('not_found', 'The link was ended or replaced, or has expired: ask for a new one.');
const READ_ONLY_REPORT = apiError(
  'conflict',
  'Every account has this report as it is: copy it with POST /reports/{id}/copy, and change the copy.',
);
const TOO_MANY = apiError('conflict', `The account has ${REPORTS_MAX} reports, and may have no more.`);
const MALFORMED = 'The report is not valid; details says where.';
const DAY_MS = 86_400_000;
/** Of links, at once in this process: strangers may not keep the database from the others. */
export const SHARED_RUNS_MAX = 4;
const TOO_MANY_VIEWERS = apiError('unavailable', 'Too many reports are being looked at; try again in a moment.');

/** `GET /reports`: those that every account has, then its own. */
export async function listReports(
  { reports }: Pick<ReportDeps, 'reports'>,
  { principal: { accountId } }: { principal: Principal },
): Promise<ApiResult> {
  const hasPings = await reports.hasPings(accountId);
  const everyones = EVERYONES.filter(({ id }) => hasPings || !OF_PINGS.has(id));
  return answer(200, [...everyones, ...(await reports.list(accountId))].map(describeReport));
}

/** `GET /reports/{id}` */
export async function readSavedReport(deps: Pick<ReportDeps, 'reports'>, request: ReportRequest): Promise<ApiResult> {
  const report = await findReport(deps, request);
  return report ? answer(200, describeReport(report)) : UNKNOWN_REPORT;
}

/** `POST /reports` */
export async function createReport(
  deps: ReportDeps,
  { principal, body }: { principal: Principal; body: GivenReport },
): Promise<ApiResult> {
  const read = await readGiven(deps, { principal, body });
  return read.ok ? insertReport(deps, { principal, ...read.value }) : read.error;
}

/** `PUT /reports/{id}`: its link ends, because it would open something else. */
export async function replaceReport(
  deps: ReportDeps,
  { principal, params, body }: ReportRequest & { body: GivenReport },
): Promise<ApiResult> {
  if (isEveryones(params.id)) return READ_ONLY_REPORT;
  const read = await readGiven(deps, { principal, body });
  if (!read.ok) return read.error;
  const made = { ...read.value, now: deps.clock.now() };
  const replaced = await deps.reports.replace(keyOf({ principal, params }), made);
  return replaced ? answer(200, describeReport(replaced)) : UNKNOWN_REPORT;
}

/** `DELETE /reports/{id}`: with its link and its schedule. */
export async function removeReport(
  { reports }: Pick<ReportDeps, 'reports'>,
  { principal, params }: ReportRequest,
): Promise<ApiResult> {
  if (isEveryones(params.id)) return READ_ONLY_REPORT;
  const removed = await reports.remove(keyOf({ principal, params }));
  return removed ? answer(200, describeReport(removed)) : UNKNOWN_REPORT;
}

/** `POST /reports/{id}/copy`: without link and schedule. */
export async function copyReport(
  deps: Pick<ReportDeps, 'reports' | 'ids' | 'clock'>,
  { principal, params, body }: ReportRequest & { body: { name?: string } },
): Promise<ApiResult> {
  const report = await findReport(deps, { principal, params });
  if (!report) return UNKNOWN_REPORT;
  const { description, columns, rules, group_by, by_lead, timeframe, interval, time_zone } = report;
  const name = (body.name?.trim() || `Copy of ${report.name}`).slice(0, REPORT_NAME_CHARACTERS_MAX);
  const time = { timeframe, interval, time_zone };
  const definition = { name, description, columns, rules, group_by, by_lead, ...time, schedule: null };
  return insertReport(deps, { principal, definition, mailAt: null });
}

async function insertReport(
  { reports, ids, clock }: Pick<ReportDeps, 'reports' | 'ids' | 'clock'>,
  { principal, ...made }: { principal: Principal; definition: ReportDefinition; mailAt: number | null },
): Promise<ApiResult> {
  const key = { accountId: principal.accountId, reportId: ids.next() };
  const inserted = await reports.insert(key, { ...made, now: clock.now() });
  if (!inserted) return TOO_MANY;
  return { ...answer(201, describeReport(inserted)), headers: { Location: `/reports/${inserted.id}` } };
}

/** `GET /reports/{id}/run` */
export async function runSavedReport(
  deps: ReportDeps,
  { principal, params, query }: ReportRequest & { query: ParametersOf<typeof RUN_PARAMETERS> },
): Promise<ApiResult> {
  const report = await findReport(deps, { principal, params });
  if (!report) return UNKNOWN_REPORT;
  const forbidden = refuseWithoutPermission(principal, statisticsOf(report));
  if (forbidden) return forbidden;
  const time = { ...chooseTime(report, askedTimeOf(query)), compare: query.compare };
  const run = await askReport(deps, { accountId: principal.accountId, report, time });
  if (!run.ok) return malformedQuery(run.error);
  return withCsv(run.value, query.links === 'false' ? run.value.rows : linkRows(run.value.rows, report));
}

/** `POST /reports/preview`: the same of a report that is not saved. */
export async function previewReport(
  deps: ReportDeps,
  { principal, body }: { principal: Principal; body: GivenPreview },
): Promise<ApiResult> {
  const { start, end, compare, name = '', schedule: _, ...given } = body;
  const read = await readDefinition(deps, { principal, body: { ...given, name } });
  if (!read.ok) return read.error;
  const time = { ...chooseTime(read.value, { start, end }), compare };
  const run = await askReport(deps, { accountId: principal.accountId, report: read.value, time });
  if (!run.ok) return invalidDocument(run.error.map(placeInReport), MALFORMED);
  return withCsv(run.value, linkRows(run.value.rows, read.value));
}

interface GivenPreview extends Omit<GivenReport, 'name' | 'schedule'>, Pick<AskedTime, 'start' | 'end' | 'compare'> {
  name?: string;
  /** A preview is not mailed. */
  schedule?: unknown;
}

/** `POST /reports/{id}/share`: the answer alone has the token; a link from before ends. */
export async function shareReport(
  { reports, randomBytes, clock }: Pick<ReportDeps, 'reports' | 'randomBytes' | 'clock'>,
  { principal, params, body }: ReportRequest & { body: { expires_in_days?: number } },
): Promise<ApiResult> {
  if (isEveryones(params.id)) return READ_ONLY_REPORT;
  const report = await findReport({ reports }, { principal, params });
  if (!report) return UNKNOWN_REPORT;
  const forbidden = refuseWithoutPermission(principal, statisticsOf(report));
  if (forbidden) return forbidden;
  const token = createToken(randomBytes);
  const now = clock.now();
  const expiresAt = now + (body.expires_in_days ?? SHARE_DAYS_DEFAULT) * DAY_MS;
  const shared = await reports.share(keyOf({ principal, params }), { hash: hashToken(token), expiresAt, now });
  return shared ? answer(200, { ...describeReport(shared), token }) : UNKNOWN_REPORT;
}

/** `DELETE /reports/{id}/share` */
export async function unshareReport(
  { reports, clock }: Pick<ReportDeps, 'reports' | 'clock'>,
  { principal, params }: ReportRequest,
): Promise<ApiResult> {
  if (isEveryones(params.id)) return READ_ONLY_REPORT;
  const unshared = await reports.unshare(keyOf({ principal, params }), clock.now());
  return unshared ? answer(200, describeReport(unshared)) : UNKNOWN_REPORT;
}

/** What a link is asked: of the question viewers may change the time frame alone. */
export interface SharedRequest {
  browser: Pick<RequestBrowser, 'ip'>;
  params: { token: string };
  query: ParametersOf<typeof SHARED_PARAMETERS>;
}

/** Neither proxies nor pages that are opened from here learn of the link, and no search engine lists it. */
export const SHARED_HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow',
} as const;

/** `GET /reports/shared/{token}`: for everybody with the link. Browsers get the page at the same URL. */
export async function readSharedReport(deps: ReportDeps, request: SharedRequest): Promise<ApiResult> {
  const opened = await openSharedReport(deps, request);
  if (!opened.ok) return { ...opened.error, headers: { ...SHARED_HEADERS, ...opened.error.headers } };
  const { run } = opened.value;
  const read = withCsv(run, run.rows);
  return { ...read, headers: { ...read.headers, ...SHARED_HEADERS } };
}

/** `GET /reports/shared/{token}.csv`: as a file, whatever `Accept` says. */
export async function readSharedReportCsv(deps: ReportDeps, request: SharedRequest): Promise<ApiResult> {
  const opened = await openSharedReport(deps, request);
  if (!opened.ok) return opened.error;
  const { run } = opened.value;
  const headers = { ...SHARED_HEADERS, 'Content-Disposition': 'attachment; filename="report.csv"' };
  const plain = { type: 'text/csv; charset=utf-8', text: writeStatisticsCsv(run.rows) };
  return { ...answer(200, undefined), plain, headers };
}

/** `GET /reports/shared/{token}.md`: what the page has, as Markdown. */
export async function readSharedReportMarkdown(deps: ReportDeps, request: SharedRequest): Promise<ApiResult> {
  const opened = await openSharedReport(deps, request);
  if (!opened.ok) return opened.error;
  const plain = { type: 'text/markdown; charset=utf-8', text: writeReportMarkdown(pageOf(deps, opened.value)) };
  return { ...answer(200, undefined), plain, headers: SHARED_HEADERS };
}

/** A report that a link opens, run. */
export interface OpenedReport {
  report: Report;
  run: StatisticsAnswer;
  /** In which it was asked. */
  timeZone: string;
}

export function pageOf({ clock }: Pick<ReportDeps, 'clock'>, { report, run, timeZone }: OpenedReport): ReportPage {
  return buildReportPage(report, run, { timeZone, now: clock.now() });
}

/** A few at a time, and not many of one address: each request reads the database, also one whose link opens nothing. */
export async function openSharedReport(
  deps: ReportDeps,
  asked: SharedRequest,
): Promise<Result<OpenedReport, ApiError>> {
  const { sharedRuns } = deps;
  const waitMs = deps.takeSharedView(asked.browser.ip);
  if (waitMs > 0) return fail(tooManyRequests('requests for shared reports from your address', waitMs));
  if (sharedRuns.size >= SHARED_RUNS_MAX) return fail(TOO_MANY_VIEWERS);
  const run = Symbol('run');
  sharedRuns.add(run);
  try {
    return await runShared(deps, asked);
  } finally {
    sharedRuns.delete(run);
  }
}

async function runShared(deps: ReportDeps, { params, query }: SharedRequest): Promise<Result<OpenedReport, ApiError>> {
  const shared = await deps.reports.findShared(hashToken(params.token), deps.clock.now());
  if (!shared) return fail(UNKNOWN_LINK);
  const { accountId, report } = shared;
  const time = chooseTime(report, query);
  const run = await askReport(deps, { accountId, report, time });
  if (!run.ok) return fail(malformedQuery(run.error));
  const { timeZone: accountTimeZone } = await loadAccount(deps, accountId);
  const zone = time.timeZone === undefined ? ok(accountTimeZone) : parseTimeZone(time.timeZone);
  assert(zone.ok, 'a question that was answered has a zone');
  return ok({ report, run: run.value, timeZone: zone.value });
}

/** The rows in a time frame; each says which. */
async function askReport(
  deps: ReportDeps,
  { accountId, report, time }: { accountId: string; report: ReportDefinition; time: AskedTime },
): Promise<Result<StatisticsAnswer, Problem[]>> {
  const { timeZone: accountTimeZone } = await loadAccount(deps, accountId);
  const run = await runReport(answerDepsOf(deps), {
    ...{ accountId, accountTimeZone, now: deps.clock.now(), definition: statisticsOf(report), time },
  });
  if (!run.ok) return run;
  const { timeframe } = run.value;
  return ok({ ...run.value, rows: run.value.rows.map((row): StatisticsRow => ({ timeframe, ...row })) });
}

/** What the report says, but for what the run names. */
function chooseTime(report: ReportDefinition, asked: AskedTime): AskedTime {
  const own = timeOf(report);
  const isNamed = asked.timeframe !== undefined || asked.start !== undefined || asked.end !== undefined;
  return {
    ...asked,
    timeframe: isNamed ? asked.timeframe : own.timeframe,
    interval: asked.interval ?? own.interval,
    timeZone: asked.timeZone ?? own.timeZone,
  };
}

/** With the time of its next mail. */
async function readGiven(
  deps: ReportDeps,
  { principal, body }: { principal: Principal; body: GivenReport },
): Promise<Result<{ definition: ReportDefinition; mailAt: number | null }, ApiError>> {
  const read = await readDefinition(deps, { principal, body });
  if (!read.ok) return read;
  const definition = read.value;
  const { schedule } = definition;
  if (schedule === null) return ok({ definition, mailAt: null });
  const problems = await findReaderFaults(deps, { principal, definition, schedule });
  if (problems.length > 0) return fail(invalidDocument(problems, MALFORMED));
  const { timeZone } = await loadAccount(deps, principal.accountId);
  return ok({ definition, mailAt: findNextRun({ type: 'times', ...schedule }, deps.clock.now(), timeZone) });
}

/** Reports by values of leads are made by callers who may see them. */
async function readDefinition(
  deps: ReportDeps,
  { principal, body }: { principal: Principal; body: GivenReport },
): Promise<Result<ReportDefinition, ApiError>> {
  const { accountId } = principal;
  const { timeZone: accountTimeZone } = await loadAccount(deps, accountId);
  const read = readReport(body, { accountId, accountTimeZone, now: deps.clock.now() });
  if (!read.ok) return fail(invalidDocument(read.error, MALFORMED));
  const forbidden = refuseWithoutPermission(principal, statisticsOf(read.value));
  return forbidden ? fail(forbidden) : read;
}

/** A report is mailed to users who may read it here. */
async function findReaderFaults(
  { users, isMailSet }: Pick<ReportDeps, 'users' | 'isMailSet'>,
  { principal, definition, schedule }: { principal: Principal; definition: ReportDefinition; schedule: ReportSchedule },
): Promise<Problem[]> {
  const known = await users.list(principal.accountId);
  const mayRead = (email: string) =>
    known.some((user) => user.email === email && user.status !== 'disabled' && mayReadReport(user.role, definition));
  return [
    ...(isMailSet ? [] : [{ path: 'schedule', message: NO_MAIL }]),
    ...schedule.email_to.flatMap((email, index) =>
      mayRead(email) ? [] : [{ path: `schedule.email_to.${index}`, message: NO_READER }],
    ),
  ];
}

const NO_MAIL = 'This installation has no mail server: its operator sets one with SLUICE_SMTP_URL.';
const NO_READER = 'Only users of the account who may read the report get it: no such user has this address.';

/** What the API answers of a report: `token` is shown by `shareReport` alone. */
function describeReport({ columns, ...report }: Report) {
  return { ...report, columns: columns.map((name) => ({ [name]: true })), token: null };
}

async function findReport(
  { reports }: Pick<ReportDeps, 'reports'>,
  { principal, params }: ReportRequest,
): Promise<Report | null> {
  return EVERYONES.find(({ id }) => id === params.id) ?? reports.find(keyOf({ principal, params }));
}

function isEveryones(id: string): boolean {
  return EVERYONES.some((each) => each.id === id);
}

function keyOf({ principal, params }: ReportRequest) {
  return { accountId: principal.accountId, reportId: params.id.toLowerCase() };
}

const OF_PINGS = new Set(DEFAULT_REPORTS.filter(({ isOfPings }) => isOfPings).map(({ id }) => id));

const EVERYONES: readonly Report[] = DEFAULT_REPORTS.map(({ id, name, columns, groupBy }) => ({
  ...{ id, name, description: null, columns: [...columns], rules: [], group_by: [...groupBy], by_lead: true },
  ...{ timeframe: null, interval: null, time_zone: null, schedule: null, read_only: true, share_expires_at: null },
  ...{ next_mail_at: null, mailed_at: null, mail_fault: null, created_at: null, updated_at: null },
}));
