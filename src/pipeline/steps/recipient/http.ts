import type { DeliveryResult, ExchangeModule, HandleModule, OutboundRequest } from '../../../integrations/contract.ts';
import { unreachable } from '../../../lib/assert.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import { withResolvers } from '../../../lib/with-resolvers.ts';
import { findBatchOfUrl } from '../../../model/batch.ts';
import type { InnerTarget } from '../../inner-flows.ts';
import { routeOf, runKeyOf } from '../../lead-run.ts';
import { renewAuthorization, renewCredential, withAuthorization } from './authorization.ts';
import { faultReason } from './fault-reason.ts';
import { inTime } from './in-time.ts';
import { mayLeave } from './may-leave.ts';
import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, STEP_AGAIN, type StageVerdict } from './step-run.ts';
import { timeLeftMs } from './time-left.ts';
import { transactionOf } from './transaction-of.ts';

/** Why nothing was sent, where only a stage may end the step. */
const TIME_IS_UP = 'the time limit of the source is used up';
const NOT_COMMITTED = 'the intent could not be committed';

/**
 * Commits the intent, then sends, then waits. After a crash every request that may have left the house is known, and
 * none is sent twice (ARCHITECTURE.md, "Intent").
 */
export async function http(stepRun: StepRunOf<'http'>): Promise<StageVerdict> {
  const { module } = stepRun.step;
  if (!module) return end('error', 'No integration to send with');
  return module.style === 'handle' ? handle(stepRun, module) : exchange(stepRun, module);
}

async function exchange(stepRun: StepRunOf<'http'>, module: ExchangeModule): Promise<StageVerdict> {
  const built = await buildRequest(stepRun, module);
  if (!built.ok) return end('error', built.error);
  const request = complete(stepRun, built.value);
  stepRun.request = request;
  if (isOfMissingBatch(stepRun, request)) return end('error', 'Not stored: there is no batch with this id');
  if (timeLeftMs(stepRun, request.timeoutSeconds) <= 0) return end('error', `Not sent: ${TIME_IS_UP}`);
  const target = stepRun.deps.innerFlows?.findTarget(request.url) ?? null;
  if (target !== null) return submitInside(stepRun, { request, target });
  const refusal = await mayLeave(stepRun);
  if (refusal) return refusal;
  // The commit may have taken long: what is left now counts, so that nothing is on its way when the sender is answered.
  const timeoutMs = timeLeftMs(stepRun, request.timeoutSeconds);
  if (timeoutMs <= 0) return end('error', `Not sent: ${TIME_IS_UP}`);
  stepRun.result = await send(stepRun, { request, timeoutMs });
  await sendWithNewToken(stepRun, request);
  return judge(stepRun, stepRun.result);
}

/** The recipient is another flow of this installation: it runs here, and its lead's id is in the intent (decision page 0089). */
async function submitInside(
  stepRun: StepRunOf<'http'>,
  { request, target }: { request: OutboundRequest; target: InnerTarget },
): Promise<StageVerdict> {
  const { run, deps, eventId } = stepRun;
  const { innerFlows } = deps;
  const { submission } = run;
  const leadId = deps.ids.next();
  // Where there is no flow there is no lead: what the URL answers is not asked for later.
  if (target.accountId !== null) stepRun.innerLead = { accountId: target.accountId, leadId };
  const refusal = await mayLeave(stepRun);
  if (refusal) return refusal;
  const timeoutMs = timeLeftMs(stepRun, request.timeoutSeconds);
  if (timeoutMs <= 0 || !innerFlows) return end('error', `Not sent: ${TIME_IS_UP}`);
  const flowIds = [...(submission.outer?.flowIds ?? []), routeOf(run).flow.id];
  const submitted = await noteExchange(stepRun, request, () =>
    innerFlows.submit(request, {
      target,
      outer: { leadId: run.leadId, eventId, flowIds },
      inner: { leadId, guard: runKeyOf(run), timeoutMs },
      ip: submission.ip,
      trace: submission.trace,
    }),
  );
  stepRun.result = submitted.result;
  stepRun.innerLeadFacts = submitted.innerLead;
  return judge(stepRun, submitted.result);
}

/** The flow runs on although its batch is gone: a row would be in none. */
function isOfMissingBatch({ run }: StepRunOf<'http'>, { url }: OutboundRequest): boolean {
  const batchId = findBatchOfUrl(url);
  return batchId !== undefined && !routeOf(run).flow.batches.has(batchId);
}

/** With what no module knows: who sends it, the key of the delivery, and the trace. */
function complete(stepRun: StepRunOf<'http'>, built: OutboundRequest): OutboundRequest {
  return withTraceparent(stepRun, withIdempotencyKey(stepRun, withAuthorization(stepRun, built)));
}

/** Once more with another token, when the recipient refused the first one: under the same intent, because nothing was taken. */
async function sendWithNewToken(stepRun: StepRunOf<'http'>, refused: OutboundRequest): Promise<void> {
  const { run, result } = stepRun;
  const { timeoutSeconds } = refused;
  const renewing = { refused, result, timeoutMs: timeLeftMs(stepRun, timeoutSeconds) };
  const renewed = await renewAuthorization(stepRun, renewing);
  const timeoutMs = timeLeftMs(stepRun, timeoutSeconds);
  // What was answered stays: without another token, or time, there is nothing else to send.
  if (renewed === null || timeoutMs <= 0) return;
  stepRun.credential = renewed.credential;
  run.opened.push(...renewed.credential.secrets);
  const request = withTraceparent(stepRun, renewed.request);
  stepRun.request = request;
  stepRun.result = await send(stepRun, { request, timeoutMs });
}

async function buildRequest(
  stepRun: StepRunOf<'http'>,
  module: ExchangeModule,
): Promise<Result<OutboundRequest, string>> {
  const { run, step, deps, moduleVars } = stepRun;
  try {
    const made = module.request(moduleVars);
    return ok(made instanceof Promise ? await inTime(stepRun, made) : made);
  } catch (error) {
    deps.report({ leadId: run.leadId, where: `request of step ${step.id}`, error });
    return fail(faultReason(error, 'The integration failed while it built the request'));
  }
}

const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** A recipient that reads the key recognises a repeated delivery (decision 24). */
function withIdempotencyKey({ run, step, eventId }: StepRunOf<'http'>, request: OutboundRequest): OutboundRequest {
  if (step.document.idempotent !== true) return request;
  return withHeader(request, { name: IDEMPOTENCY_KEY, value: run.attempt?.firstEventId ?? eventId });
}

const TRACEPARENT = 'traceparent';

/** Each request is a span of its own, so that a recipient that traces hangs its spans below it (decision page 0058). */
function withTraceparent(
  { run, deps, eventId, transactions }: StepRunOf<'http'>,
  request: OutboundRequest,
): OutboundRequest {
  if (!deps.traceRequest) return request;
  const value = deps.traceRequest(run, { eventId, index: transactions.length });
  return withHeader(request, { name: TRACEPARENT, value });
}

/** A header that the flow maps itself stays as it is mapped; mail has none of these. */
function withHeader(request: OutboundRequest, { name, value }: { name: string; value: string }): OutboundRequest {
  if (request.mail !== undefined) return request;
  const isMapped = Object.keys(request.headers).some((each) => each.toLowerCase() === name.toLowerCase());
  return isMapped ? request : { ...request, headers: { ...request.headers, [name]: value } };
}

/** One exchange with the recipient, noted on the event. */
async function send(
  stepRun: StepRunOf<'http'>,
  { request, timeoutMs }: { request: OutboundRequest; timeoutMs: number },
): Promise<DeliveryResult> {
  const { run, step, deps } = stepRun;
  const whose = { accountId: routeOf(run).flow.account.id, recipientId: step.entityId };
  const sent = await noteExchange(stepRun, request, async () => ({
    result: await deps.deliver(request, { timeoutMs, ...whose }),
  }));
  return sent.result;
}

async function noteExchange<Sent extends { result: DeliveryResult }>(
  stepRun: StepRunOf<'http'>,
  request: OutboundRequest,
  exchange: () => Promise<Sent>,
): Promise<Sent> {
  const { run, deps } = stepRun;
  const startedAt = deps.clock.monotonic();
  const sent = await exchange();
  const ms = deps.clock.monotonic() - startedAt;
  stepRun.waitMs += ms;
  run.waitMs += ms;
  stepRun.transactions.push(transactionOf(request, { result: sent.result, ms: Math.round(ms) }));
  return sent;
}

/**
 * The module makes its own exchanges; the first of them waits for the intent. When the lead decides again the module is
 * abandoned: what it wants to send is refused, and how it ends is ignored.
 */
async function handle(stepRun: StepRunOf<'http'>, module: HandleModule): Promise<StageVerdict> {
  const { run, step, deps, moduleVars } = stepRun;
  let refusal: StageVerdict | undefined;
  let hasBegun = false;
  const abandoned = withResolvers<StageVerdict>();
  const startedAt = deps.clock.monotonic();
  const begin = async (request: OutboundRequest | null): Promise<string | undefined> => {
    if (timeLeftMs(stepRun, undefined, startedAt) <= 0) return TIME_IS_UP;
    if (hasBegun) return undefined;
    if (refusal !== undefined) return NOT_COMMITTED;
    stepRun.request = request;
    refusal = await mayLeave(stepRun);
    if (refusal?.kind === 'again') abandoned.resolve(refusal);
    hasBegun = refusal === undefined;
    return hasBegun ? undefined : NOT_COMMITTED;
  };
  try {
    const running = module.handle(moduleVars, {
      begin: () => begin(null),
      timeLeftMs: () => timeLeftMs(stepRun, undefined, startedAt),
      renewCredential: (renewal) =>
        renewCredential(stepRun, { ...renewal, timeoutMs: timeLeftMs(stepRun, undefined, startedAt) }),
      note: (transaction) => {
        if (refusal !== undefined) return;
        stepRun.transactions.push(transaction);
        stepRun.waitMs += transaction.ms;
        run.waitMs += transaction.ms;
      },
      send: async (unkeyed) => {
        const request = complete(stepRun, unkeyed);
        const reason = await begin(request);
        const timeoutMs = timeLeftMs(stepRun, request.timeoutSeconds, startedAt);
        if (reason === undefined && timeoutMs > 0) return send(stepRun, { request, timeoutMs });
        const at = deps.clock.now();
        return { kind: 'unsent', reason: `Not sent: ${reason ?? TIME_IS_UP}`, sentAt: at, receivedAt: at };
      },
    });
    const ended = await Promise.race([running, abandoned.promise.then(() => null)]);
    if (refusal || ended === null) return refusal ?? STEP_AGAIN;
    if (ended.kind !== 'answered') return judge(stepRun, ended);
    stepRun.handled = ended.appended;
    return NEXT;
  } catch (error) {
    deps.report({ leadId: run.leadId, where: `handle of step ${step.id}`, error });
    return refusal ?? afterFault(stepRun, hasBegun);
  }
}

/** A module that failed after something may have left: what the recipient made of it is not known (decision 24). */
function afterFault(stepRun: StepRunOf<'http'>, hasBegun: boolean): StageVerdict {
  if (hasBegun && stepRun.transactions.length === 0) {
    return judge(stepRun, { kind: 'unknown', reason: 'the integration failed while it was sending' });
  }
  return end('error', 'The integration failed');
}

type Ended = DeliveryResult | { kind: 'unsent' | 'unknown'; reason: string };

function judge(stepRun: StepRunOf<'http'>, result: Ended): StageVerdict {
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
