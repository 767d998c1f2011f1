import type { DeliveryResult, OutboundRequest } from '../../../integrations/contract.ts';
import { unreachable } from '../../../lib/assert.ts';
import { interruptedState } from '../../interrupted.ts';
import { type LeadRun, routeOf, runKeyOf } from '../../lead-run.ts';
import { end, NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/**
 * Commits the intent, then sends, then waits. After a crash every request that may have left the house is known, and
 * none is sent twice (ARCHITECTURE.md, "Intent").
 */
export async function http(stepRun: StepRun): Promise<StageVerdict> {
  const { run, deps } = stepRun;
  const request = buildRequest(stepRun);
  if (!request) return end('error', 'The integration failed while it built the request');
  stepRun.request = request;
  const timeoutMs = timeLeft(stepRun, request);
  if (timeoutMs <= 0) return end('error', 'Not sent: the time limit of the source is used up');
  if (!deps.isLeaseHeld()) return notSent(run, LEASE_LOST);
  if (!deps.isIntentOff) {
    const refusal = await intend(stepRun);
    if (refusal) return notSent(run, refusal);
    // The commit may have taken long, and others may have told the lead's end since.
    if (!deps.isLeaseHeld()) return notSent(run, LEASE_LOST);
  }
  run.hasSent = true;
  const startedAt = deps.clock.monotonic();
  const result = await deps.deliver(request, { timeoutMs });
  stepRun.waitMs = deps.clock.monotonic() - startedAt;
  run.waitMs += stepRun.waitMs;
  stepRun.result = result;
  stepRun.transactions.push(transactionOf(request, { result, ms: Math.round(stepRun.waitMs) }));
  return judge(stepRun, result);
}

function buildRequest({ run, step, deps, moduleVars }: StepRun): OutboundRequest | null {
  try {
    return step.module?.request(moduleVars) ?? null;
  } catch (error) {
    deps.report({ leadId: run.leadId, where: `request of step ${step.id}`, error });
    return null;
  }
}

const LEASE_LOST = 'this server process lost its lease';

/** A lead of which nothing left the house is not taken at all; one that was sent somewhere goes on to its end. */
function notSent(run: LeadRun, reason: string): StageVerdict {
  return run.hasSent ? end('error', `Not sent: ${reason}`) : { kind: 'unavailable', reason };
}

/** Seconds a recipient may be given at most (decision 23). */
const TIMEOUT_SECONDS_MAX = 360;

/** The recipient's own limit, but never more than the source's deadline leaves (decision 23). ms. */
function timeLeft({ run, deps, moduleVars }: StepRun, request: OutboundRequest): number {
  const seconds = Number(request.timeoutSeconds ?? moduleVars['timeout_seconds']);
  const ownMs = seconds >= 1 ? Math.min(seconds, TIMEOUT_SECONDS_MAX) * 1000 : deps.timeoutMs;
  const { deadlineMs } = routeOf(run).source;
  if (deadlineMs === null) return ownMs;
  return Math.min(ownMs, run.submission.arrivedAt + deadlineMs - deps.clock.monotonic());
}

/** undefined: the request may leave; else why it may not. */
async function intend(stepRun: StepRun): Promise<string | undefined> {
  const { run, deps } = stepRun;
  const state = interruptedState(stepRun);
  const result = await deps.store.intend({ run: runKeyOf(run), held: run.held, hasRun: run.hasRun, state });
  if (result.kind === 'unavailable') return result.reason;
  run.hasRun = true;
  return undefined;
}

function transactionOf(
  request: OutboundRequest,
  answer: { result: DeliveryResult; ms: number },
): StepRun['transactions'][number] {
  const { result, ms } = answer;
  const recorded = {
    method: request.method,
    uri: request.url,
    version: '1.1',
    headers: request.headers,
    body: request.body ?? null,
    timestamp: result.sentAt,
  };
  if (result.kind !== 'answered') return { request: recorded, response: null, ms, error: result.reason };
  const { status, version, headers, body } = result.response;
  const response = {
    status,
    version,
    headers,
    body,
    timestamp: result.receivedAt,
    ...(result.truncated ? { truncated: true } : {}),
  };
  return { request: recorded, response, ms };
}

function judge(stepRun: StepRun, result: DeliveryResult): StageVerdict {
  switch (result.kind) {
    case 'answered':
      return NEXT;
    case 'unsent':
      return end('error', result.reason);
    case 'unknown':
      stepRun.isUnknown = true;
      return end('error', `Unknown outcome: ${result.reason}`);
    default:
      return unreachable(result);
  }
}
