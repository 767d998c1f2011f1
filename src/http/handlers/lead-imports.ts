import { maySubmit } from '../../access/may-submit.ts';
import type { Principal } from '../../access/principal.ts';
import type { FieldStore } from '../../fields/field-store.ts';
import { findField } from '../../fields/find-field.ts';
import type { CompiledFlow, CompiledSource } from '../../flow-compiler/compiled-flow.ts';
import { guessLeadFile, type LeadColumn, type LeadFileGuess } from '../../imports/guess-lead-file.ts';
import { foldColumnName } from '../../imports/lead-column-names.ts';
import {
  IMPORT_LEADS,
  type ImportColumn,
  type ImportLeadsCheckpoint,
  type ImportLeadsInput,
  RATE_DEFAULT,
} from '../../jobs/import-leads/import-leads-input.ts';
import type { OpenState } from '../../jobs/job.ts';
import { importLeads } from '../../jobs/work/import-leads.ts';
import { isId } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Problem } from '../../model/problem.ts';
import type { FlowLookup } from '../../pipeline/phase.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { jobJson } from '../jobs/job-json.ts';
import { malformedQuery } from '../parameters.ts';
import { invalidDocument } from '../read-body.ts';
import { type JobFileDeps, receiveJobFile } from '../receive-job-file.ts';

export interface LeadImportDeps extends JobFileDeps {
  findFlow(flowId: string): FlowLookup;
  fields: Pick<FieldStore, 'list'>;
}

/** Some 100,000 rows with all their columns; more with gzip. */
export const LEAD_BYTES_MAX = 128 * 1024 * 1024;

export type Invalid = 'reject' | 'submit';

interface ImportRequest {
  principal: Principal;
  query: {
    flow_id: string | undefined;
    source_id: string | undefined;
    header: 'true' | 'false' | undefined;
    invalid: Invalid | undefined;
    rate: number | undefined;
    start: 'true' | 'false' | undefined;
    preview: 'true' | 'false' | undefined;
  };
  body: AsyncIterable<Uint8Array>;
}

/** `POST /leads/imports`: keeps the file, guesses its columns, and puts the job that checks it into the queue. */
export async function importLeadFile(
  deps: LeadImportDeps,
  { principal, query, body }: ImportRequest,
): Promise<ApiResult> {
  const { flow_id: flowId, source_id: sourceRef } = query;
  if (flowId === undefined) return malformedQuery([{ path: 'flow_id', message: 'Say which flow the leads are for.' }]);
  if (sourceRef === undefined)
    return malformedQuery([{ path: 'source_id', message: 'Say which source of the flow the leads are of.' }]);
  const found = findPlace(deps, { principal, flowId, sourceRef });
  if (!found.ok) return found.error;
  const { flow, source } = found.value;
  if (!source.isEnabled) return DISABLED;
  const { accountId, actor: askedBy } = principal;
  const fields = nameFields(flow, await deps.fields.list(accountId));
  const hasHeader = query.header === undefined ? undefined : query.header === 'true';
  const ctx = { now: deps.clock.now(), timeZone: flow.account.timeZone };
  return receiveJobFile(deps, {
    ...{ accountId, body, bytesMax: LEAD_BYTES_MAX, isPreview: query.preview === 'true' },
    guess: (head) => guessLeadFile(head, { fields, hasHeader, ctx }),
    describe: (guess) => fileJson(guess),
    enqueue: async (id, guess) => {
      const input = buildInput(guess, { flowId: flow.id, sourceId: source.entityId, query });
      await deps.jobs.create({
        ...{ accountId, id, kind: importLeads.name, callId: null, askedBy, input, total: null },
        ...{ attemptsMax: importLeads.attemptsMax, now: deps.clock.now() },
      });
    },
  });
}

function buildInput(
  { encoding, isGzip, delimiter, hasHeader, columns }: LeadFileGuess,
  { flowId, sourceId, query }: { flowId: string; sourceId: string; query: ImportRequest['query'] },
): ImportLeadsInput {
  return {
    ...{ flowId, sourceId, encoding, isGzip, delimiter, hasHeader, constants: {} },
    // Samples are values of people, and stay in the file.
    columns: columns.map(({ samples: _, ...column }) => column),
    takesInvalid: query.invalid === 'submit',
    ratePerSecond: query.rate ?? RATE_DEFAULT,
    isConfirmed: query.start === 'true',
  };
}

function nameFields(flow: CompiledFlow, custom: Parameters<typeof findField>[1]) {
  return flow.fields.map(({ id, type }) => ({ id, type, name: findField(id, custom)?.name ?? id }));
}

interface Place {
  principal: Principal;
  flowId: string;
  sourceRef: string;
}

const UNKNOWN_FLOW = apiError('not_found', 'There is no such flow, or it has not been deployed.');
const UNKNOWN_SOURCE = apiError('not_found', 'The flow has no such source.');
const DISABLED = apiError('conflict', 'The source is disabled: it takes no leads.');
const NOT_ALLOWED = apiError('permission_required', 'Your API key or user may not submit leads to this source.');
const STALE = apiError('unavailable', 'This server cannot confirm which flows are deployed: try again in a minute.');

/** The source as deployed now, where the caller may submit to it. */
function findPlace(
  deps: LeadImportDeps,
  { principal, flowId, sourceRef }: Place,
): Result<{ flow: CompiledFlow; source: CompiledSource }, ApiError> {
  const found = deps.findFlow(flowId);
  if (found.kind === 'stale') return fail(STALE);
  if (found.kind === 'missing' || found.flow.account.id !== principal.accountId) return fail(UNKNOWN_FLOW);
  const { flow } = found;
  const source = flow.sources.get(isId(sourceRef) ? sourceRef.toLowerCase() : sourceRef);
  if (!source) return fail(UNKNOWN_SOURCE);
  const { entityId, id, credentialId } = source;
  const guarded = { accountId: flow.account.id, flowId: flow.id, sourceIds: [entityId, id], credentialId };
  return maySubmit(principal, guarded) ? ok({ flow, source }) : fail(NOT_ALLOWED);
}

interface JobRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_IMPORT = apiError('not_found', 'There is no import of leads with this id.');
const NOT_WAITING = apiError('conflict', 'The import does not wait to be started: it is checked, runs or has ended.');

/** `GET /leads/imports/{id}`: how the file is read, what the check found, and how far it is. */
export async function readLeadImport(deps: LeadImportDeps, request: JobRequest): Promise<ApiResult> {
  const found = await findImport(deps, request);
  return found.ok ? answerImport(deps, { request, input: found.value.input, status: 200 }) : found.error;
}

/** `PUT /leads/imports/{id}`: what the columns are submitted as; the file is checked again. */
export async function changeLeadImport(
  deps: LeadImportDeps,
  request: JobRequest & { body: ImportChange },
): Promise<ApiResult> {
  const found = await findImport(deps, request);
  if (!found.ok) return found.error;
  const changed = applyChange(found.value.input, request.body, found.value.flow);
  if (!changed.ok) return invalidDocument(changed.error, 'The columns are not valid; details says where.');
  const isQueued = await goOn(deps, { request, from: ['waiting'], input: changed.value, isAnew: true });
  return isQueued ? answerImport(deps, { request, input: changed.value, status: 202 }) : NOT_WAITING;
}

/** `POST /leads/imports/{id}/start`: the rows are submitted. One that is paused goes on, at another rate where one is said. */
export async function startLeadImport(
  deps: LeadImportDeps,
  request: JobRequest & { body: { rate?: number } },
): Promise<ApiResult> {
  const found = await findImport(deps, request);
  if (!found.ok) return found.error;
  const { input } = found.value;
  if (input.columns.every(({ field }) => field === null)) return NOTHING_IMPORTED;
  const started = { ...input, isConfirmed: true, ratePerSecond: request.body.rate ?? input.ratePerSecond };
  const isQueued = await goOn(deps, { request, from: ['waiting', 'paused'], input: started, isAnew: false });
  return isQueued ? answerImport(deps, { request, input: started, status: 202 }) : NOT_WAITING;
}

const NOTHING_IMPORTED = apiError('conflict', 'No column of the file is imported: say with PUT which ones are.');

async function findImport(
  deps: LeadImportDeps,
  { principal, params }: JobRequest,
): Promise<Result<{ input: ImportLeadsInput; flow: CompiledFlow }, ApiError>> {
  const work = await deps.jobs.readWork({ accountId: principal.accountId, id: params.id, kind: IMPORT_LEADS });
  if (!work) return fail(UNKNOWN_IMPORT);
  const input = work.input as ImportLeadsInput; // of this kind of job
  const place = findPlace(deps, { principal, flowId: input.flowId, sourceRef: input.sourceId });
  return place.ok ? ok({ input, flow: place.value.flow }) : place;
}

async function goOn(
  { jobs, clock }: LeadImportDeps,
  change: { request: JobRequest; from: readonly OpenState[]; input: ImportLeadsInput; isAnew: boolean },
): Promise<boolean> {
  const { request, ...changed } = change;
  const key = { accountId: request.principal.accountId, id: request.params.id };
  const { attemptsMax } = importLeads;
  return (await jobs.goOn({ ...key, ...changed, attemptsMax, now: clock.now() })) === 'queued';
}

/** What a caller says of an import. */
export interface ImportChange {
  /** By name or number from 1: the parameter; null: it is not imported. */
  columns?: Record<string, string | null>;
  constants?: Record<string, string>;
  invalid?: Invalid;
  rate?: number;
}

/** Names that sources can read: fields, and what their mappings read. */
const PARAMETER = /^[A-Za-z0-9_.-]{1,128}$/;

function applyChange(
  input: ImportLeadsInput,
  change: ImportChange,
  flow: CompiledFlow,
): Result<ImportLeadsInput, Problem[]> {
  const problems: Problem[] = [];
  const columns: ImportColumn[] = [...input.columns];
  for (const [key, field] of Object.entries(change.columns ?? {})) {
    const at = findColumn(columns, key);
    const column = columns[at];
    if (!column) problems.push({ path: 'columns', message: `There is no column "${key.slice(0, 64)}".` });
    else if (field !== null && !PARAMETER.test(field))
      problems.push({ path: `columns.${key.slice(0, 64)}`, message: 'This can be no name of a field.' });
    else columns[at] = { ...column, field, because: 'caller', confidence: 1 };
  }
  for (const name of Object.keys(change.constants ?? {})) {
    if (!PARAMETER.test(name)) problems.push({ path: 'constants', message: 'A name can be no name of a field.' });
  }
  const used = columns.flatMap(({ field }) => field ?? []);
  const twice = used.find((field, index) => used.indexOf(field) !== index);
  if (twice !== undefined) problems.push({ path: 'columns', message: `Two columns are imported as ${twice}.` });
  problems.push(...findUnread(change, flow));
  if (problems.length > 0) return fail(problems);
  return ok({
    ...{ ...input, columns, isConfirmed: false },
    constants: change.constants ?? input.constants ?? {},
    takesInvalid: change.invalid === undefined ? input.takesInvalid : change.invalid === 'submit',
    ratePerSecond: change.rate ?? input.ratePerSecond,
  });
}

/** A source without mappings reads nothing but the fields of its flow. */
function findUnread(change: ImportChange, flow: CompiledFlow): Problem[] {
  if ([...flow.sources.values()].some(({ document }) => (document.integration.mappings ?? []).length > 0)) return [];
  const known = new Set(flow.fields.map(({ id }) => id));
  const given = [...Object.values(change.columns ?? {}), ...Object.keys(change.constants ?? {})];
  return given
    .filter((name) => name !== null && !known.has(name))
    .map((name) => ({ path: 'columns', message: `The flow has no field ${name}.` }));
}

function findColumn(columns: readonly ImportColumn[], key: string): number {
  const wanted = foldColumnName(key);
  const named = columns.findIndex(({ name }) => name !== null && foldColumnName(name) === wanted);
  if (named !== -1) return named;
  return /^\d{1,4}$/.test(key) ? Number(key) - 1 : -1;
}

async function answerImport(
  { jobs }: LeadImportDeps,
  { request, input, status }: { request: JobRequest; input: ImportLeadsInput; status: 200 | 202 },
): Promise<ApiResult> {
  const key = { accountId: request.principal.accountId, id: request.params.id };
  const [job, work] = await Promise.all([jobs.find(key), jobs.readWork({ ...key, kind: IMPORT_LEADS })]);
  if (!job || !work) return UNKNOWN_IMPORT;
  const checkpoint = work.checkpoint as ImportLeadsCheckpoint | null; // of this kind of job
  const { flowId, sourceId, constants = {}, takesInvalid, ratePerSecond, isConfirmed } = input;
  return answer(status, {
    ...{ job: jobJson(job), flow_id: flowId, source_id: sourceId, file: fileJson(input), constants },
    ...{ invalid: takesInvalid ? 'submit' : 'reject', rate: ratePerSecond, started: isConfirmed },
    check: checkpoint && checkJson(checkpoint),
  });
}

function checkJson({ check, preview }: ImportLeadsCheckpoint): object {
  return { ...check, preview };
}

type Shown = Omit<LeadFileGuess, 'columns'> & {
  columns: readonly (ImportColumn & Partial<Pick<LeadColumn, 'samples'>>)[];
};

function fileJson({ encoding, isGzip, delimiter, hasHeader, columns }: Shown): object {
  return {
    ...{ encoding, gzip: isGzip, delimiter, header: hasHeader },
    columns: columns.map(({ name, field, confidence, because, fits, samples }, index) => ({
      ...{ column: index + 1, name, field, confidence, because, fits },
      ...(samples && { samples }),
    })),
  };
}
