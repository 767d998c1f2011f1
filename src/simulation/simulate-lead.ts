import type { AskPrice, PriceAnswer } from '../credentials/ask-price.ts';
import { buildLead } from '../events/build-lead.ts';
import type { EventRecord, LeadRecord } from '../events/event-store.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { CompiledFlow, CompiledSource } from '../flow-compiler/compiled-flow.ts';
import type { HttpAnswer } from '../integrations/contract.ts';
import { keepsOf } from '../keeping/periods.ts';
import { assert } from '../lib/assert.ts';
import { type Ids, isId } from '../lib/ids.ts';
import { listUrlName } from '../lists/list-url-name.ts';
import type { RecordedResponse } from '../model/event.ts';
import { NOT_ASKED } from '../pipeline/ask-for-price.ts';
import { findAlternatives } from '../pipeline/find-alternatives.ts';
import { type LeadRun, type Submission, startRun } from '../pipeline/lead-run.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import { runLead } from '../pipeline/run-lead.ts';
import type { SettleRequest } from '../pipeline/run-store.ts';
import { parseEventFacts } from '../stored/event-facts.ts';
import type { EventRow } from '../stored/intent-state.ts';
import { parseLeadDocument } from '../stored/lead-document.ts';
import { drawAlways } from './chance.ts';
import type { Simulation } from './simulation.ts';
import { stubRecipients } from './stub-recipients.ts';
import { stubStore } from './stub-store.ts';

/** The result of an evaluation. */
export interface SimulatedLead {
  /** The answer that the sender would get, without the secrets of the lead. */
  response: { status: number; headers: Readonly<Record<string, unknown>>; body: string | null };
  /** As `GET /leads/{id}` would return it; null: a lead that leaves nothing, such as one of a disabled source. */
  lead: Record<string, unknown> | null;
  /** Deliveries that would be retried; `waiting` has the places that the lead would hold until they have ended. */
  retries: SimulatedRetry[];
  waiting: { state: string; lists: string[]; caps: string[] } | null;
}

export interface SimulatedRetry {
  step_id: string;
  first_attempt_at: string;
  /** Steps that got the lead instead: once one of them has accepted, the retry ends as a skip. */
  alternatives: string[];
}

export interface SimulateDeps {
  /** Epoch ms; the time does not advance. */
  now: number;
  ids: Ids;
  version: string;
  report: PhaseDeps['report'];
}

/** Finds the source of a submission by its id or its entity's; undefined: the flow has no such source. */
export function findSource(flow: CompiledFlow, ref: string): CompiledSource | undefined {
  return flow.sources.get(isId(ref) ? ref.toLowerCase() : ref);
}

/**
 * Runs a submission through the phases of every lead, with a store that keeps nothing and recipients that return the
 * given answers. Time, ids and chance are fixed, so the same input gives the same output.
 */
export async function simulateLead(flow: CompiledFlow, given: SimulateRequest): Promise<SimulatedLead> {
  const { past, events, response, retries, waiting } = await simulatePast(flow, given);
  return { response, lead: past && buildLead(past, events), retries, waiting };
}

interface SimulateRequest {
  source: CompiledSource;
  simulation: Simulation;
  deps: SimulateDeps;
}

/** The same with the lead as its readers take it, for those who describe it in another way. */
export interface SimulatedPast extends Omit<SimulatedLead, 'lead'> {
  past: LeadPast | null;
  events: EventRecord[];
}

export async function simulatePast(
  flow: CompiledFlow,
  { source, simulation, deps }: SimulateRequest,
): Promise<SimulatedPast> {
  const named = withListOfEachCheck(flow, deps.ids);
  const found = new Set(
    named.listChecks.filter(({ name }) => simulation.lists.includes(name)).map(({ listId }) => listId),
  );
  const stubbed = stubRecipients(named, { answers: simulation.answers, now: deps.now });
  const { store, settled } = stubStore({ found, counts: simulation.caps });
  const run = startRun(buildSubmission(flow, { source, simulation, now: deps.now }));
  const end = await runLead(run, phaseDeps({ ...stubbed, store, simulation, deps }));
  assert(end.kind === 'answered', 'an evaluation uses only what is available');
  const settlement = settled();
  if (!settlement) {
    return { response: buildResponse(end.answer), past: null, events: [], retries: [], waiting: null };
  }
  return {
    ...describeEnd(stubbed.flow, settlement),
    retries: listRetries(stubbed.flow, { run, settlement }),
    waiting: describeWaiting(named, settlement),
  };
}

function listRetries(
  flow: CompiledFlow,
  { run, settlement }: { run: LeadRun; settlement: SettleRequest },
): SimulatedRetry[] {
  const ran = new Set(run.stepResults.map(({ stepId }) => stepId));
  const varsBefore = (stepId: string) => (ran.has(stepId) ? run.vars : undefined);
  return (settlement.retries ?? []).map(({ stepId, nextAttemptAt }) => ({
    step_id: stepId,
    first_attempt_at: new Date(nextAttemptAt).toISOString(),
    alternatives: findAlternatives(flow, { stepId, varsBefore, ctx: run.ctx }),
  }));
}

/** The places that the lead holds after its end (decision 48): the checks whose lists have its entry, and the caps. */
function describeWaiting(flow: CompiledFlow, { waits, held }: SettleRequest): SimulatedLead['waiting'] {
  if (!waits) return null;
  const listIds = new Set(held.lists.map(({ listId }) => listId));
  return {
    state: waits,
    lists: [...new Set(flow.listChecks.filter(({ listId }) => listIds.has(listId)).map(({ name }) => name))],
    caps: held.caps.filter(({ stepId }) => stepId === null).map(({ capId }) => capId),
  };
}

/** Gives each check lists of its own, so that each has its own finding. */
function withListOfEachCheck(flow: CompiledFlow, ids: Ids): CompiledFlow {
  const listIds = new Map<string, string>();
  const listChecks = flow.listChecks.map((check) => {
    const key = `${check.name} ${listUrlName(check.listName)}`;
    const listId = listIds.get(key) ?? ids.next();
    listIds.set(key, listId);
    return { ...check, listId };
  });
  return { ...flow, listChecks };
}

function buildSubmission(
  flow: CompiledFlow,
  { simulation, source, now }: { source: CompiledSource; simulation: Simulation; now: number },
): Submission {
  const { method, query, headers, body } = simulation.submission;
  const path = `/flows/${flow.id}/sources/${source.entityId}/submit`;
  // The header says that there is a body.
  const measured = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return {
    flowId: flow.id,
    sourceRef: source.entityId,
    request: {
      method,
      uri: query === '' ? path : `${path}?${query}`,
      version: '1.1',
      headers: { ...measured, ...headers },
      body,
      timestamp: now,
    },
    ip: simulation.ip ?? SENDER,
    authorization: undefined,
    arrivedAt: 0,
  };
}

/** An address of the range for documentation (RFC 5737). */
const SENDER = '192.0.2.1';
/** Never reached: the given answers come at once. */
const TIMEOUT_MS = 30_000;

function phaseDeps(
  made: Pick<PhaseDeps, 'store' | 'deliver'> & { flow: CompiledFlow; simulation: Simulation; deps: SimulateDeps },
): PhaseDeps {
  const { flow, store, deliver, simulation, deps } = made;
  return {
    clock: { now: () => deps.now, monotonic: () => 0 },
    ids: deps.ids,
    random: drawAlways(simulation.random),
    findFlow: () => ({ kind: 'found', flow }),
    // The caller of an evaluation has a key of the flow's account.
    maySubmit: async () => true,
    store,
    deliver,
    askPrice: answerPrices(simulation.prices),
    isLeaseHeld: () => true,
    // The evaluation says which checks find their values; of one check two equal values are one.
    hashListValue: (form) => Buffer.from(form),
    hashSearchValue: (form) => Buffer.from(form),
    host: 'simulation',
    version: deps.version,
    timeoutMs: TIMEOUT_MS,
    settleWaitMs: 0,
    startTimer: () => () => undefined,
    report: deps.report,
  };
}

/** No pricing service is asked: those of which a price was given answer it. */
function answerPrices(prices: Simulation['prices']): AskPrice {
  return async ({ id }) => {
    const amount = prices.get(id);
    const answer: PriceAnswer =
      amount === undefined ? { kind: 'failed', fault: NOT_ASKED } : { kind: 'priced', amount, reason: null };
    return { answer, response: null };
  };
}

const DAY_MS = 86_400_000;

/** Builds the lead as readers get it from the store. */
function describeEnd(
  flow: CompiledFlow,
  settlement: SettleRequest,
): Pick<SimulatedPast, 'response' | 'past' | 'events'> {
  const { run, outcome, reason, price } = settlement;
  const events = settlement.events.map((row) => buildEventRecord(run.runId, row));
  const document = parseLeadDocument(JSON.parse(settlement.document));
  const lead: LeadRecord = {
    accountId: run.accountId,
    id: run.runId,
    flowId: run.flowId,
    sourceId: run.sourceId,
    revision: run.revision,
    submittedAt: run.submittedAt,
    outcome,
    reason,
    price,
    document,
    expiresAt: run.submittedAt + keepsOf(flow.account).facts * DAY_MS,
    documentCharacters: settlement.document.length,
    resubmittedAs: null,
    sourceFacts: events.find((event) => event.type === 'source')?.facts ?? {},
  };
  assert(document.response, 'a lead that is settled has its answer');
  return { response: buildResponse(document.response), past: { lead, flow }, events };
}

function buildEventRecord(leadId: string, row: EventRow): EventRecord {
  return { ...row, leadId, facts: parseEventFacts(JSON.parse(row.facts)) } as EventRecord; // the facts are those of the type
}

function buildResponse(answer: HttpAnswer | RecordedResponse): SimulatedLead['response'] {
  const { status, headers, body } = answer;
  return { status, headers, body };
}
