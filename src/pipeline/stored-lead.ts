import { normalizeValue } from '../field-types/normalize-value.ts';
import type { RecordedRequest, RecordedResponse, Transaction } from '../model/event.ts';
import { dollars } from '../model/money.ts';
import type { PriceVerdict } from '../pricing/compile-pricing.ts';
import type { CapRefusal } from '../store/store.ts';
import { assignPath } from '../variables/assign.ts';
import { compileSegmentsLookup, type Lookup } from '../variables/lookup.ts';
import { createScrubber, scrubHeaders } from '../variables/scrub-secrets.ts';
import type { CompiledField, CompiledFlow } from './compiled-flow.ts';
import { type LeadRun, type RecipientResult, routeOf } from './lead-run.ts';
import type { RuleFinding } from './rule-findings.ts';

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
  lists: { check: string; list_id: string; found: boolean; because?: string; added_at?: number | null }[];
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
  const scrub = createScrubber(run.secrets);
  const parts = {
    lists: run.listFindings.map(({ check, listId, verdict }) => ({
      check,
      list_id: listId,
      found: verdict.found,
      ...(verdict.found ? { because: verdict.because, added_at: verdict.addedAt } : {}),
    })),
    cap: run.capRefusal,
    price: { offered: dollars(run.offered.amount), winner: run.offered.winner, also_matched: run.offered.alsoMatched },
    response: run.answer ? recordedAnswer(run) : null,
    findings: run.findings,
    steps: storedSteps(run, scrub),
  };
  run.storedBeginning ??= beginningOf(run, scrub);
  return `{${run.storedBeginning},${scrub(JSON.stringify(parts).slice(1))}`;
}

/** What no longer changes once the steps begin, as JSON members; made once, however many intents follow. */
function beginningOf(run: LeadRun, scrub: (text: string) => string): string {
  const vars: Record<string, unknown> = {
    lead: storedValues(run),
    submission: { timestamp: new Date(run.ctx.now).toISOString(), ip: run.submission.ip },
    random: run.vars['random'],
    suppressionlist: run.vars['suppressionlist'],
  };
  return `"vars":${scrub(JSON.stringify(vars))},"request":${JSON.stringify(recordedSubmission(run, scrub))}`;
}

function storedValues(run: LeadRun): Record<string, unknown> {
  const lead: Record<string, unknown> = { id: run.leadId };
  for (const { field, find } of lookupsOf(routeOf(run).flow)) {
    const value = find(run.vars);
    if (value === undefined || value === null) continue;
    assignPath(lead, field.segments, normalizeValue(field.mask ? field.mask(value) : value));
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
  const lookups = flow.fields.map((field) => ({ field, find: compileSegmentsLookup(['lead', ...field.segments]) }));
  LOOKUPS.set(flow, lookups);
  return lookups;
}

function recordedSubmission(run: LeadRun, scrub: (text: string) => string): RecordedRequest {
  const { method, uri, version, headers, body, timestamp } = run.submission.request;
  return {
    method,
    uri: scrub(uri),
    version,
    headers: scrubHeaders(headers),
    body: body === '' ? null : scrub(body),
    timestamp,
  };
}

function recordedAnswer(run: LeadRun): RecordedResponse | null {
  return run.answer && { status: run.answer.status, headers: run.answer.headers, body: run.answer.body };
}

function storedSteps(run: LeadRun, scrub: (text: string) => string): Record<string, StoredStep> {
  const steps: Record<string, StoredStep> = {};
  run.stepResults.forEach((result, seq) => {
    if (result.kind === 'recipient') steps[seq] = storedStep(result, scrub);
  });
  return steps;
}

function storedStep(result: RecipientResult, scrub: (text: string) => string): StoredStep {
  return {
    key: result.key,
    appended: result.appended,
    mappings: result.appliedMappings,
    cap: result.capRefusal,
    transactions: result.transactions.map((transaction) => scrubTransaction(transaction, scrub)),
  };
}

/** Credentials travel in headers and never reach an event; lead secrets may travel anywhere. */
export function scrubTransaction(transaction: Transaction, scrub: (text: string) => string): Transaction {
  const { request, response } = transaction;
  return {
    ...transaction,
    request: scrubRecorded(request, scrub),
    response: response && { ...response, body: response.body === null ? null : scrub(response.body) },
  };
}

export function scrubRecorded(request: RecordedRequest, scrub: (text: string) => string): RecordedRequest {
  return {
    ...request,
    uri: scrub(request.uri),
    headers: scrubHeaders(request.headers),
    body: request.body === null ? null : scrub(request.body),
  };
}
