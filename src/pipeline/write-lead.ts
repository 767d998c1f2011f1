import { normalizeKeepingPlaces } from '../field-types/normalize-value.ts';
import { starOut } from '../field-types/star-out.ts';
import type { CompiledField, CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { HttpAnswer } from '../integrations/contract.ts';
import type { RecordedRequest, RecordedResponse, Transaction } from '../model/event.ts';
import { dollars } from '../model/money.ts';
import {
  type DistributionDocument,
  type LeadDocument,
  type RuleFinding,
  type StepDocument,
  writeDocumentBeginning,
  writeLeadDocument,
} from '../stored/lead-document.ts';
import { assignBeside } from '../variables/branched-value.ts';
import { compileSegmentsLookup, type Lookup } from '../variables/lookup.ts';
import { type Scrub, scrubHeaders } from '../variables/scrub-secrets.ts';
import {
  type DistributionResult,
  type LeadRun,
  type RecipientResult,
  type RunPart,
  routeOf,
  type StoredBeginning,
} from './lead-run.ts';
import { scrubberOf } from './lead-scrubber.ts';
import type { ListVerdict } from './run-store.ts';
import { scrubHeaderTexts, scrubMembers, scrubValues } from './scrub-values.ts';
import { type RequestRun, rebuildRequest } from './stored-request.ts';

type BeginningRun = RequestRun & RunPart<'leadId' | 'ctx' | 'vars'>;
type StoredRun = BeginningRun &
  RunPart<'listFindings' | 'offered' | 'askedPrices' | 'capRefusal' | 'findings' | 'stepResults' | 'distributions'> &
  Pick<LeadRun, 'storedBeginning'>;

/** The document of a run so far, as JSON text without secrets. Written at an intent and at the end. */
export function writeLead(run: StoredRun, answer: HttpAnswer | null): string {
  const scrub = scrubberOf(run);
  const parts = {
    lists: run.listFindings.map(({ check, place, listId, verdict }) => ({
      check,
      ...(place === null ? {} : { place }),
      list_id: listId,
      found: verdict.found,
      ...(verdict.found ? { because: verdict.because, added_at: verdict.addedAt, ...heldBy(verdict) } : {}),
    })),
    cap: run.capRefusal,
    price: recordPrice(run, scrub),
    response: recordAnswer(answer, scrub),
    findings: buildFindings(run, { scrub }),
    ...(run.distributions.length > 0
      ? { distributions: run.distributions.map((each) => buildDistributionDocument(each, scrub)) }
      : {}),
    steps: buildStepDocuments(run, { scrub }),
  };
  run.storedBeginning ??= writeBeginning(run, scrub);
  return writeLeadDocument(run.storedBeginning.text, parts);
}

function recordPrice({ offered, askedPrices }: StoredRun, scrub: Scrub): LeadDocument['price'] {
  const price = { offered: dollars(offered.amount), winner: offered.winner, also_matched: offered.alsoMatched };
  if (offered.winner?.by !== 'service') return price;
  const reason = askedPrices.findLast(({ amount }) => amount === offered.amount)?.reason ?? null;
  return reason === null ? price : { ...price, reason: scrub(reason) };
}

function buildDistributionDocument(
  { seq, key, vars, candidates }: DistributionResult,
  scrub: Scrub,
): DistributionDocument {
  const reasons = candidates.flatMap(({ stepId, bid }) =>
    bid && bid.reason !== null ? [[stepId, scrub(bid.reason)] as const] : [],
  );
  const said = reasons.length > 0 ? { bid_reasons: Object.fromEntries(reasons) } : {};
  return { seq, key, vars: { ...vars }, ...said };
}

/** The findings of a run as they are stored, from a position on. */
export function buildFindings(
  run: RunPart<'findings' | 'secrets' | 'route'>,
  { scrub, from = 0 }: { scrub: Scrub; from?: number },
): RuleFinding[] {
  return run.findings
    .slice(from)
    .map(([index, left, right, passed]) => [
      index,
      isOfMaskedField(run, index) ? starOut(left) : scrubValues(left, { scrub, areNamesForeign: false }),
      scrubValues(right, { scrub, areNamesForeign: false }),
      passed,
    ]);
}

/** A part of a masked value, such as its last digits, is none of the texts that are looked for. */
function isOfMaskedField(run: RunPart<'secrets' | 'route'>, ruleIndex: number): boolean {
  if (!run.secrets || run.secrets.length === 0) return false;
  const { catalogue, isSecretField } = routeOf(run).flow;
  const lhv = catalogue.rows[ruleIndex]?.lhv;
  return typeof lhv === 'string' && isSecretField(lhv);
}

function heldBy(verdict: ListVerdict): { held_by?: string; is_retried?: boolean } {
  if (!verdict.found || verdict.because !== 'held') return {};
  return { held_by: verdict.by.leadId, is_retried: verdict.by.isRetried };
}

/** What no longer changes once the steps begin; made once, however many intents follow. */
function writeBeginning(run: BeginningRun, scrub: Scrub): StoredBeginning {
  const lead = scrubMembers(buildStoredValues(run), { scrub, areNamesForeign: false });
  const text = writeDocumentBeginning({
    vars: {
      lead,
      submission: { timestamp: new Date(run.ctx.now).toISOString(), ip: run.submission.ip },
      random: run.vars['random'],
      suppressionlist: run.vars['suppressionlist'],
    },
    request: recordRequest(run),
  });
  return { text, lead };
}

function buildStoredValues(run: RunPart<'leadId' | 'route' | 'vars'>): Record<string, unknown> {
  const lead: Record<string, unknown> = { id: run.leadId };
  for (const { field, find } of fieldLookups(routeOf(run).flow)) {
    const value = find(run.vars);
    if (value === undefined || value === null) continue;
    assignBeside(lead, field.segments, normalizeKeepingPlaces(field.mask ? field.mask(value) : value));
  }
  return lead;
}

export interface FieldLookup {
  field: CompiledField;
  find: Lookup;
}

const LOOKUPS = new WeakMap<CompiledFlow, FieldLookup[]>();

/** How each field of a flow is found among the variables; nested ones behind their branch. */
export function fieldLookups(flow: CompiledFlow): FieldLookup[] {
  const known = LOOKUPS.get(flow);
  if (known) return known;
  // A field before what is nested under it, so that a masked branch covers what its value carries.
  const fields = [...flow.fields].sort((one, other) => one.segments.length - other.segments.length);
  const lookups = fields.map((field) => ({ field, find: compileSegmentsLookup(['lead', ...field.segments]) }));
  LOOKUPS.set(flow, lookups);
  return lookups;
}

/** The request as it is stored. Before `lead-object` it is not known which parts are secret: then only the path is kept. */
export function recordRequest(run: RequestRun): RecordedRequest {
  const { method, uri, version, headers, body, timestamp } = run.submission.request;
  if (!run.secrets) return { method, uri: uri.split('?')[0] ?? '', version, headers: {}, body: null, timestamp };
  // Of a flow without masked fields it is stored as it was sent.
  if (run.secrets.length > 0 || routeOf(run).flow.hasMaskedFields) return rebuildRequest(run, scrubberOf(run));
  return { method, uri, version, headers: scrubHeaders(headers), body: body === '' ? null : body, timestamp };
}

function recordAnswer(answer: HttpAnswer | null, scrub: Scrub): RecordedResponse | null {
  if (!answer) return null;
  return { status: answer.status, headers: scrubHeaderTexts(answer.headers, scrub), body: scrub(answer.body) };
}

/** The deliveries of a run as they are stored, by the position of their step, from a position on. */
export function buildStepDocuments(
  run: RunPart<'stepResults'>,
  { scrub, from = 0 }: { scrub: Scrub; from?: number },
): Record<string, StepDocument> {
  const steps: Record<string, StepDocument> = {};
  run.stepResults.slice(from).forEach((result, index) => {
    if (result.kind === 'recipient') steps[from + index] = buildStepDocument(result, scrub);
  });
  return steps;
}

/** A delivery as it is stored. */
export function buildStepDocument(result: RecipientResult, scrub: Scrub): StepDocument {
  return {
    key: result.key,
    appended: scrubAppended(result.appended, scrub),
    mappings: [...result.appliedMappings],
    cap: result.capRefusal,
    transactions: result.transactions.map((transaction) => scrubTransaction(transaction, scrub)),
  };
}

function scrubAppended(appended: Record<string, unknown> | null, scrub: Scrub): Record<string, unknown> | null {
  return appended === null ? null : scrubMembers(appended, { scrub, areNamesForeign: true });
}

/** An exchange as it is kept: credentials in headers and the lead's secrets are asterisks. */
export function scrubTransaction(transaction: Transaction, scrub: Scrub): Transaction {
  const { request, response, error } = transaction;
  return {
    ...transaction,
    request: scrubRecorded(request, scrub),
    response: response && {
      ...response,
      headers: scrubHeaderTexts(response.headers, scrub),
      body: response.body === null ? null : scrub(response.body),
    },
    ...(error === undefined ? {} : { error: scrub(error) }),
  };
}

/** Credentials travel in headers and never reach an event; lead secrets may travel anywhere. */
export function scrubRecorded(request: RecordedRequest, scrub: Scrub): RecordedRequest {
  return {
    ...request,
    uri: scrub(request.uri),
    headers: scrubHeaderTexts(scrubHeaders(request.headers), scrub),
    body: request.body === null ? null : scrub(request.body),
  };
}
