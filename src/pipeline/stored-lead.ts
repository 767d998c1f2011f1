import { normalizeKeepingPlaces } from '../field-types/normalize-value.ts';
import { starOut } from '../field-types/star-out.ts';
import type { CompiledField, CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { RecordedRequest, RecordedResponse, Transaction } from '../model/event.ts';
import { dollars } from '../model/money.ts';
import type { PriceVerdict } from '../pricing/compile-pricing.ts';
import { assignBeside } from '../variables/branched-value.ts';
import { compileSegmentsLookup, type Lookup } from '../variables/lookup.ts';
import { type Scrub, scrubHeaders } from '../variables/scrub-secrets.ts';
import { type LeadRun, type RecipientResult, routeOf } from './lead-run.ts';
import { scrubberOf } from './lead-scrubber.ts';
import type { RuleFinding } from './rule-findings.ts';
import type { CapRefusal, ListVerdict } from './run-store.ts';
import { scrubHeaderTexts, scrubMembers, scrubValues } from './scrub-values.ts';
import { storableJson } from './storable.ts';
import { rebuiltRequest } from './stored-request.ts';

/**
 * The personal part of a lead as it is stored: one JSON document that holds each thing once. An event's full `vars` is
 * rebuilt from it when somebody asks (ARCHITECTURE.md, "Schema").
 */
export interface StoredLead {
  vars: StoredVars;
  request: RecordedRequest;
  response: RecordedResponse | null;
  /** Every rule that was evaluated, in order; the flow revision's catalogue knows the rules. */
  findings: RuleFinding[];
  lists: {
    check: string;
    list_id: string;
    found: boolean;
    because?: string;
    added_at?: number | null;
    /** The lead that held the value. */
    held_by?: string;
    /** It had ended, and a delivery of it was tried again. */
    is_retried?: boolean;
  }[];
  cap: CapRefusal | null;
  price: { offered: number; winner: PriceVerdict['winner']; also_matched: readonly string[] };
  /** By the event's place among the lead's events. */
  steps: Record<string, StoredStep>;
}

export interface StoredVars {
  /** Each value with `normal`, `raw`, `valid` and its components. */
  lead: Record<string, unknown>;
  submission: { timestamp: string; ip: string };
  random: unknown;
  suppressionlist?: unknown;
}

export interface StoredStep {
  key: string;
  appended: Record<string, unknown> | null;
  /** Indexes of the step's mappings that applied. */
  mappings: number[];
  cap: CapRefusal | null;
  transactions: Transaction[];
}

/** The document of a run so far, as JSON text without secrets. Written at an intent and at the end. */
export function storedLead(run: LeadRun): string {
  const scrub = scrubberOf(run);
  const parts = {
    lists: run.listFindings.map(({ check, listId, verdict }) => ({
      check,
      list_id: listId,
      found: verdict.found,
      ...(verdict.found ? { because: verdict.because, added_at: verdict.addedAt, ...heldBy(verdict) } : {}),
    })),
    cap: run.capRefusal,
    price: { offered: dollars(run.offered.amount), winner: run.offered.winner, also_matched: run.offered.alsoMatched },
    response: recordedAnswer(run, scrub),
    findings: run.findings.map(
      ([index, left, right, passed]): RuleFinding => [
        index,
        isOfMaskedField(run, index) ? starOut(left) : scrubValues(left, { scrub, areNamesForeign: false }),
        scrubValues(right, { scrub, areNamesForeign: false }),
        passed,
      ],
    ),
    steps: storedSteps(run, scrub),
  };
  run.storedBeginning ??= beginningOf(run, scrub);
  return storableJson(`{${run.storedBeginning},${JSON.stringify(parts).slice(1)}`);
}

/** A part of a masked value, such as its last digits, is none of the texts that are looked for. */
function isOfMaskedField(run: LeadRun, ruleIndex: number): boolean {
  if (!run.secrets || run.secrets.length === 0) return false;
  const { catalogue, isSecretField } = routeOf(run).flow;
  const lhv = catalogue.rows[ruleIndex]?.lhv;
  return typeof lhv === 'string' && isSecretField(lhv);
}

function heldBy(verdict: ListVerdict): { held_by?: string; is_retried?: boolean } {
  if (!verdict.found || verdict.because !== 'held' || !verdict.by) return {};
  return { held_by: verdict.by.leadId, is_retried: verdict.by.isRetried };
}

/** What no longer changes once the steps begin, as JSON members; made once, however many intents follow. */
function beginningOf(run: LeadRun, scrub: Scrub): string {
  const vars: Record<string, unknown> = {
    lead: scrubMembers(storedValues(run), { scrub, areNamesForeign: false }),
    submission: { timestamp: new Date(run.ctx.now).toISOString(), ip: run.submission.ip },
    random: run.vars['random'],
    suppressionlist: run.vars['suppressionlist'],
  };
  return `"vars":${JSON.stringify(vars)},"request":${JSON.stringify(storedRequest(run))}`;
}

function storedValues(run: LeadRun): Record<string, unknown> {
  const lead: Record<string, unknown> = { id: run.leadId };
  for (const { field, find } of lookupsOf(routeOf(run).flow)) {
    const value = find(run.vars);
    if (value === undefined || value === null) continue;
    assignBeside(lead, field.segments, normalizeKeepingPlaces(field.mask ? field.mask(value) : value));
  }
  return lead;
}

interface FieldLookup {
  field: CompiledField;
  find: Lookup;
}

const LOOKUPS = new WeakMap<CompiledFlow, FieldLookup[]>();

function lookupsOf(flow: CompiledFlow): FieldLookup[] {
  const known = LOOKUPS.get(flow);
  if (known) return known;
  // A field before what is nested under it, so that a masked branch covers what its value carries.
  const fields = [...flow.fields].sort((one, other) => one.segments.length - other.segments.length);
  const lookups = fields.map((field) => ({ field, find: compileSegmentsLookup(['lead', ...field.segments]) }));
  LOOKUPS.set(flow, lookups);
  return lookups;
}

/** The request as it is stored. Before `lead-object` it is not known which parts are secret: then only the path is kept. */
export function storedRequest(run: LeadRun): RecordedRequest {
  const { method, uri, version, headers, body, timestamp } = run.submission.request;
  if (!run.secrets) return { method, uri: uri.split('?')[0] ?? '', version, headers: {}, body: null, timestamp };
  // Of a flow without masked fields it is stored as it was sent.
  if (run.secrets.length > 0 || routeOf(run).flow.hasMaskedFields) return rebuiltRequest(run, scrubberOf(run));
  return { method, uri, version, headers: scrubHeaders(headers), body: body === '' ? null : body, timestamp };
}

function recordedAnswer({ answer }: LeadRun, scrub: Scrub): RecordedResponse | null {
  if (!answer) return null;
  return { status: answer.status, headers: scrubHeaderTexts(answer.headers, scrub), body: scrub(answer.body) };
}

function storedSteps(run: LeadRun, scrub: Scrub): Record<string, StoredStep> {
  const steps: Record<string, StoredStep> = {};
  run.stepResults.forEach((result, seq) => {
    if (result.kind === 'recipient') steps[seq] = storedStep(result, scrub);
  });
  return steps;
}

/** A delivery as it is stored. */
export function storedStep(result: RecipientResult, scrub: Scrub): StoredStep {
  return {
    key: result.key,
    appended: scrubAppended(result.appended, scrub),
    mappings: result.appliedMappings,
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
