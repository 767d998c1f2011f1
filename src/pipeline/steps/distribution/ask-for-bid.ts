import type { CompiledRecipient } from '../../../flow-compiler/compiled-flow.ts';
import type { DeliveryResult, ExchangeModule, HandleModule, OutboundRequest } from '../../../integrations/contract.ts';
import { type Money, moneyFrom } from '../../../model/money.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';
import type { RunPart } from '../../lead-run.ts';
import { routeOf } from '../../lead-run.ts';
import type { PhaseDeps } from '../../phase.ts';
import type { RunOf } from '../../phase-access.ts';
import { renewAuthorization, renewCredential, withAuthorization } from '../recipient/authorization.ts';
import { credential } from '../recipient/credential.ts';
import { faultReason } from '../recipient/fault-reason.ts';
import { outboundMapping } from '../recipient/outbound-mapping.ts';
import { outcomeOf, reasonOf, withoutCredential } from '../recipient/response.ts';
import { type StepRun, startStepRun } from '../recipient/step-run.ts';
import { applyStrictStatus } from '../recipient/strict-status.ts';
import { recipientTimeoutMs } from '../recipient/time-left.ts';
import { typeParsing } from '../recipient/type-parsing.ts';
import { validate } from '../recipient/validate.ts';

/** What a bidder answered, or why it did not. */
export type BidAnswer =
  | { kind: 'bid'; amount: Money; id: string | null }
  /** `fault`: of ours, without values; `reason`: what the bidder gave. */
  | { kind: 'none'; fault: string; reason: string | null }
  | { kind: 'late' };

export interface BidQuestion {
  bidder: CompiledRecipient;
  deps: PhaseDeps;
  timeoutMs: number;
  /** Aborted when the time of all bids is up. */
  signal: AbortSignal;
}

const NOT_INSTALLED = 'its integration is not installed';

/**
 * Asks one bidder by its module and mappings, as a delivery is made, but without an intent: a bid sells nothing. Nothing
 * of the exchange is kept except the bid. Never rejects.
 */
export async function askForBid(run: RunOf<'steps'>, question: BidQuestion): Promise<BidAnswer> {
  const { bidder, deps } = question;
  const { module } = bidder;
  if (!module) return none(NOT_INSTALLED);
  const stepRun = startStepRun(run, { step: bidder, deps });
  try {
    const opened = await credential(stepRun);
    if (opened.kind === 'end') return none(`was not asked: ${withoutStop(opened.reason)}`);
    outboundMapping(stepRun);
    typeParsing(stepRun);
    const refused = await validate(stepRun);
    if (refused.kind === 'end') return none('was not asked', refused.reason);
    return module.style === 'handle'
      ? await handle(stepRun, { ...question, module })
      : await exchange(stepRun, { ...question, module });
  } catch (error) {
    deps.report({ leadId: run.leadId, where: `bid of step ${bidder.id}`, error });
    return none('its integration failed', faultReason(error, '') || null);
  }
}

async function exchange(stepRun: StepRun, question: BidQuestion & { module: ExchangeModule }): Promise<BidAnswer> {
  const { module } = question;
  const { moduleVars } = stepRun;
  const built = withAuthorization(stepRun, await module.request(moduleVars));
  const { request, result } = await sendAuthorized(stepRun, { ...question, request: built });
  if (result.kind !== 'answered') return readFailure(result);
  const { status } = result.response;
  const read = await module.response(moduleVars, request, result.response, { isStrict: true, warn: () => undefined });
  return readAnswer(stepRun, applyStrictStatus(read, { status, moduleVars }));
}

async function handle(stepRun: StepRun, question: BidQuestion & { module: HandleModule }): Promise<BidAnswer> {
  const { deps, timeoutMs, module } = question;
  const endsAt = deps.clock.monotonic() + timeoutMs;
  const ended = await module.handle(stepRun.moduleVars, {
    begin: async () => undefined,
    timeLeftMs: () => endsAt - deps.clock.monotonic(),
    renewCredential: (renewal) => renewCredential(stepRun, { ...renewal, timeoutMs: endsAt - deps.clock.monotonic() }),
    note: () => undefined,
    send: (request) =>
      send(stepRun.run, {
        ...question,
        request: withAuthorization(stepRun, request),
        timeoutMs: endsAt - deps.clock.monotonic(),
      }),
  });
  return ended.kind === 'answered' ? readAnswer(stepRun, ended.appended) : readFailure(ended);
}

/** A bidder that repeats what it was sent must not show the secret. */
function readAnswer({ credential: opened }: StepRun, appended: Record<string, unknown>): BidAnswer {
  return readBid(opened ? withoutCredential(appended, opened) : appended);
}

/** Once more with another token after a 401, as a delivery is; the time of all bids bounds both. */
async function sendAuthorized(
  stepRun: StepRun,
  question: BidQuestion & { request: OutboundRequest },
): Promise<{ request: OutboundRequest; result: DeliveryResult }> {
  const { run } = stepRun;
  const { request, timeoutMs } = question;
  const result = await send(run, question);
  const renewed = await renewAuthorization(stepRun, { refused: request, result, timeoutMs });
  if (renewed === null) return { request, result };
  stepRun.credential = renewed.credential;
  run.opened.push(...renewed.credential.secrets);
  return { request: renewed.request, result: await send(run, { ...question, request: renewed.request }) };
}

/** Within the limits of the recipient and behind its circuit, as its deliveries are (decision page 0029). */
async function send(
  run: RunPart<'route'>,
  { bidder, deps, timeoutMs, signal, request }: BidQuestion & { request: OutboundRequest },
): Promise<DeliveryResult> {
  const at = deps.clock.now();
  if (signal.aborted || timeoutMs <= 0) {
    return { kind: 'unsent', reason: 'the time is up', blame: 'time', sentAt: at, receivedAt: at };
  }
  const accountId = routeOf(run).flow.account.id;
  const ownMs = recipientTimeoutMs(request.timeoutSeconds, timeoutMs);
  return deps.deliver(request, {
    timeoutMs: Math.min(timeoutMs, ownMs),
    signal,
    accountId,
    recipientId: bidder.entityId,
  });
}

function readFailure({ reason, blame }: { reason: string; blame?: string }): BidAnswer {
  return blame === 'time' ? { kind: 'late' } : none(`was not reached (${reason})`);
}

/** What a module makes of an answer: the `price` of a `success`, above 0. */
export function readBid(appended: Record<string, unknown>): BidAnswer {
  const outcome = outcomeOf(appended['outcome']);
  const reason = reasonOf(appended['reason'])?.slice(0, REASON_CHARACTERS_MAX) ?? null;
  if (outcome !== 'success') return none(`answered ${outcome}`, reason);
  const amount = moneyFrom(appended['price']);
  if (amount === undefined) return none('answered no price that can be read', reason);
  return amount > 0 ? { kind: 'bid', amount, id: findBidId(appended) } : none('answered the price 0', reason);
}

const REASON_CHARACTERS_MAX = 200;
/** Names under which an answer may give its bid an id, in the order asked. */
const BID_ID_NAMES = ['bid_id', 'ping_id', 'id'];
const BID_ID_CHARACTERS_MAX = 200;

function findBidId(appended: Record<string, unknown>): string | null {
  for (const name of BID_ID_NAMES) {
    const value = appended[name];
    const id = isPlainObject(value) || Array.isArray(value) ? '' : textOf(value).trim();
    if (id !== '' && id.length <= BID_ID_CHARACTERS_MAX) return id;
  }
  return null;
}

/** A fault goes on as part of a sentence. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function none(fault: string, reason: string | null = null): BidAnswer {
  return { kind: 'none', fault, reason };
}
