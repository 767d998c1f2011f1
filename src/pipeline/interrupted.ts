import type { RecordedRequest } from '../model/event.ts';
import { NO_MONEY } from '../model/money.ts';
import {
  type FailedDelivery,
  failedOf,
  type LostDelivery,
  lostOf,
  retriesOf,
  retryPlanOf,
  unknownsOf,
} from './afterlife.ts';
import { stepEventRows } from './event-rows.ts';
import type { RetryPlan } from './lead-run.ts';
import { scrubberOf } from './lead-scrubber.ts';
import type { PhaseDeps } from './phase.ts';
import type { CapHold, EventRow, OrphanedRun, SettleRequest } from './run-store.ts';
import type { StepRun } from './steps/recipient/step-run.ts';
import { storableJson } from './storable.ts';
import { scrubRecorded, storedLead } from './stored-lead.ts';

/**
 * What an intent leaves in the run row, so that whoever finds the run after a crash can tell the lead's story: all
 * that was decided so far, and the one request that may have left.
 */
interface InterruptedState {
  document: unknown;
  events: EventRow[];
  /** Earlier deliveries that are to be tried again, and those that may have arrived. */
  failed: FailedDelivery[];
  lost: LostDelivery[];
  intent: {
    eventId: string;
    seq: number;
    stepId: string;
    recipientId: string;
    key: string;
    moduleId: string;
    at: number;
    request: RecordedRequest;
    /** Whether the recipient may be asked again although nobody knows whether it was received. */
    retry: RetryPlan;
  };
}

/** JSON text, without secrets. */
export function interruptedState(stepRun: StepRun): string {
  const { run, step, deps, request } = stepRun;
  const scrub = scrubberOf(run);
  const shown = request?.recorded ?? request;
  const recorded: RecordedRequest = {
    method: request?.method ?? '',
    uri: shown?.url ?? '',
    version: '1.1',
    headers: shown?.headers ?? {},
    body: shown?.body ?? null,
    timestamp: deps.clock.now(),
  };
  const intent: InterruptedState['intent'] = {
    eventId: stepRun.eventId,
    seq: run.stepResults.length,
    stepId: step.id,
    recipientId: step.entityId,
    key: step.key,
    moduleId: step.document.integration.module_id,
    at: deps.clock.now(),
    request: scrubRecorded(recorded, scrub),
    retry: retryPlanOf(step, { isError: true, isUnknown: true, requests: [recorded], scrub }),
  };
  const events = stepEventRows(run, scrub);
  const rest = storableJson(JSON.stringify({ events, failed: failedOf(run, scrub), lost: lostOf(run, scrub), intent }));
  return `{"document":${storedLead(run)},${rest.slice(1)}`;
}

const NOTHING_SENT = 'Interrupted before the lead was sent anywhere';
const NO_ANSWER = 'Unknown outcome: the server stopped before the answer came';
const MAY_HAVE_SENT = 'Interrupted: the server stopped while a delivery was under way; whether it arrived is unknown';

/**
 * The end of a lead whose server process is gone: an `error` for the lead, and an `unknown` delivery where a request
 * may have left. A place that may have been used is kept until somebody resolves it; all others go back.
 */
export function tellInterrupted(
  orphan: OrphanedRun,
  deps: Pick<PhaseDeps, 'ids' | 'clock' | 'host' | 'version'>,
): SettleRequest {
  // Written by interruptedState alone.
  const state = orphan.state as InterruptedState | null;
  const earlier = state?.events ?? [];
  const unknown = state ? [unknownRow(state, deps)] : [];
  const events = [...earlier, ...unknown];
  const reason = state ? MAY_HAVE_SENT : NOTHING_SENT;
  return {
    run: orphan.run,
    hasRun: true,
    held: orphan.held,
    keepsCap: (hold) => state !== null && mayBeUsed(hold, state),
    keepsLists: state !== null,
    // One that was sold before keeps its places for good, however the others ended.
    waits: state !== null && !earlier.some(isSold) ? 'counted' : null,
    outcome: 'error',
    reason,
    price: NO_MONEY,
    events: [...events, interruptedSourceRow(orphan, { reason, seq: events.length, deps })],
    document: state ? documentOf(state) : '{}',
    ...(state ? afterlifeOf(state, { orphan, deps }) : {}),
  };
}

function afterlifeOf(
  { intent, failed, lost }: InterruptedState,
  at: { orphan: OrphanedRun; deps: Pick<PhaseDeps, 'ids' | 'clock'> },
): Pick<SettleRequest, 'retries' | 'unknowns'> {
  const now = at.deps.clock.now();
  const { eventId, stepId, recipientId } = intent;
  const last = { eventId, stepId, recipientId, reason: NO_ANSWER };
  const isRepeated = intent.retry === 'queued';
  return {
    retries: retriesOf([...failed, ...(isRepeated ? [{ ...last, outcome: 'error' }] : [])], { ids: at.deps.ids, now }),
    unknowns: unknownsOf([...lost, { ...last, happenedAt: now }], at.orphan.held),
  };
}

function isSold({ type, outcome }: EventRow): boolean {
  return type === 'recipient' && outcome === 'success';
}

function mayBeUsed(hold: CapHold, { events, lost, intent }: InterruptedState): boolean {
  if (hold.stepId === null || hold.stepId === intent.stepId) return true;
  if (lost.some((delivery) => delivery.stepId === hold.stepId)) return true;
  return events.some((event) => event.stepId === hold.stepId && event.outcome === 'success');
}

function unknownRow(state: InterruptedState, deps: Pick<PhaseDeps, 'clock'>): EventRow {
  const { intent } = state;
  const now = deps.clock.now();
  const facts = {
    start_timestamp: intent.at,
    end_timestamp: now,
    ms: now - intent.at,
    wait_ms: now - intent.at,
    key: intent.key,
    module_id: intent.moduleId,
    caps_reached: false,
    unknown: true,
  };
  return {
    id: intent.eventId,
    seq: intent.seq,
    type: 'recipient',
    outcome: 'error',
    reason: NO_ANSWER,
    stepId: intent.stepId,
    recipientId: intent.recipientId,
    facts: JSON.stringify(facts),
  };
}

function interruptedSourceRow(
  orphan: OrphanedRun,
  made: { reason: string; seq: number; deps: Pick<PhaseDeps, 'ids' | 'clock' | 'host' | 'version'> },
): EventRow {
  const { reason, seq, deps } = made;
  const now = deps.clock.now();
  const ms = Math.max(0, now - orphan.run.submittedAt);
  const facts = {
    start_timestamp: orphan.run.submittedAt,
    end_timestamp: now,
    ms,
    wait_ms: 0,
    total_ms: ms,
    host: deps.host,
    handler_version: deps.version,
    interrupted: true,
    cost: 0,
    purchase_price: 0,
  };
  return {
    id: deps.ids.next(),
    seq,
    type: 'source',
    outcome: 'error',
    reason,
    stepId: null,
    recipientId: null,
    facts: JSON.stringify(facts),
  };
}

/** The story as stored, with the request that may have left as a transaction without an answer. */
function documentOf(state: InterruptedState): string {
  const { intent } = state;
  const document = state.document as { steps: Record<string, unknown> }; // a StoredLead, see stored-lead.ts
  const transaction = { request: intent.request, response: null, ms: 0, error: 'interrupted' };
  const step = { key: intent.key, appended: null, mappings: [], cap: null, transactions: [transaction] };
  return JSON.stringify({ ...document, steps: { ...document.steps, [intent.seq]: step } });
}
