import { DOLLARS_MAX, type Money, moneyFrom } from '../model/money.ts';
import type { LivePricingService } from '../model/pricing.ts';
import { isPlainObject } from '../variables/rich-value.ts';
import type { Deliver, DeliveryResult } from './contract.ts';
import { buildSignedHeaders, type SigningTools } from './formats/standard-webhook.ts';

/** Of an answer; a longer one is no answer. */
export const PRICE_ANSWER_CHARACTERS_MAX = 16_384;
/** What is kept of the reason that a service gives. */
const REASON_CHARACTERS_MAX = 500;

/** One question: the body as JSON text and the id it is sent under. */
export interface PriceQuestion {
  accountId: string;
  id: string;
  body: string;
  timeoutMs: number;
}

/** What became of it. `fault`: why there is no price, after the name of the service; it quotes no answer. */
export type PriceAnswer = { kind: 'priced'; amount: Money; reason: string | null } | { kind: 'failed'; fault: string };

/** The same with the answer as it came; null: none came. */
export interface PriceExchange {
  answer: PriceAnswer;
  response: { status: number; body: string } | null;
}

/** Asks one pricing service. Never throws. */
export type AskPrice = (service: LivePricingService, question: PriceQuestion) => Promise<PriceExchange>;

/** Posts the signed question, within the limits and behind the circuit that recipients have, under the service's id. */
export function createAskPrice({ deliver, tools }: { deliver: Deliver; tools: SigningTools }): AskPrice {
  return async (service, { accountId, id, body, timeoutMs }) => {
    const { url, secret } = service;
    if (secret === null) return { answer: failed('has a secret that cannot be read: rotate it'), response: null };
    const headers = { ...buildSignedHeaders({ id, body, secret }, tools), Accept: 'application/json' };
    const request = { url, method: 'POST', headers, body, followAllRedirects: false };
    const result = await deliver(request, { timeoutMs, accountId, recipientId: service.id });
    const { status = 0, body: text = '' } = result.kind === 'answered' ? result.response : {};
    return {
      answer: readPriceAnswer(result, timeoutMs),
      response: result.kind === 'answered' ? { status, body: text.slice(0, PRICE_ANSWER_CHARACTERS_MAX) } : null,
    };
  };
}

/** Only 2xx with a JSON object whose `price` is a number from 0 to 1 000 000 is a price. */
export function readPriceAnswer(result: DeliveryResult, timeoutMs: number): PriceAnswer {
  if (result.kind !== 'answered') {
    return failed(
      result.kind === 'unknown' && result.blame === 'time'
        ? `did not answer within ${Math.round(timeoutMs)} ms`
        : `was not reached (${result.reason})`,
    );
  }
  const { status, body } = result.response;
  if (status >= 300 && status < 400) return failed(`redirected the request (${status})`);
  if (status < 200 || status >= 300) return failed(`answered status ${status}`);
  if (result.truncated || body.length > PRICE_ANSWER_CHARACTERS_MAX)
    return failed(`answered more than ${PRICE_ANSWER_CHARACTERS_MAX} characters`);
  return readPrice(body);
}

function readPrice(body: string): PriceAnswer {
  const json = parseJson(body);
  if (!isPlainObject(json)) return failed('answered no JSON object');
  const { price, reason } = json;
  if (typeof price !== 'number') return failed('answered no price that is a number');
  const amount = moneyFrom(price);
  if (amount === undefined) return failed(`answered a price that is not from 0 to ${DOLLARS_MAX} dollars`);
  return {
    kind: 'priced',
    amount,
    reason: typeof reason === 'string' && reason !== '' ? reason.slice(0, REASON_CHARACTERS_MAX) : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON is an answer without a price.
    return undefined;
  }
}

function failed(fault: string): PriceAnswer {
  return { kind: 'failed', fault };
}
