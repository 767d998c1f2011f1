import type { Deliver, DeliveryResult } from '../integrations/contract.ts';
import { buildSignedHeaders, type SigningTools } from '../integrations/formats/standard-webhook.ts';
import type { Clock } from '../lib/clock.ts';
import { DOLLARS_MAX, type Money, moneyFrom } from '../model/money.ts';
import type { LivePricingService } from '../model/pricing.ts';
import { isPlainObject } from '../variables/rich-value.ts';
import { createScrubber } from '../variables/scrub-secrets.ts';
import { authorizeRequest } from './authorize-request.ts';
import type { Credentials, OpenedCredential } from './open-credential.ts';

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

interface AskPriceDeps {
  deliver: Deliver;
  tools: SigningTools;
  /** null where secrets are withheld: a service with a credential is not asked then. */
  credentials: Pick<Credentials, 'open' | 'renew'> | null;
  clock: Pick<Clock, 'monotonic'>;
}

/**
 * Posts the signed question, within the limits and behind the circuit that recipients have, under the service's id, and
 * with the credential that the service names. Nothing that is answered or fails has a secret of it.
 */
export function createAskPrice(deps: AskPriceDeps): AskPrice {
  const { deliver, tools, clock } = deps;
  return async (service, { accountId, id, body, timeoutMs }) => {
    const { url, secret } = service;
    if (secret === null) return { answer: failed('has a secret that cannot be read: rotate it'), response: null };
    const startedAt = clock.monotonic();
    const leftMs = () => timeoutMs - (clock.monotonic() - startedAt);
    const headers = { ...buildSignedHeaders({ id, body, secret }, tools), Accept: 'application/json' };
    const question = { url, method: 'POST', headers, body, followAllRedirects: false };
    const bounds = { accountId, recipientId: service.id };
    const opening = await openFor(service, { ...deps, accountId, timeoutMs });
    if (opening.kind === 'failed') return { answer: failed(`cannot be asked (${opening.reason})`), response: null };
    const { credential } = opening;
    const request = authorizeRequest(question, credential?.authorization ?? null);
    const first = await deliver(request, { timeoutMs: leftMs(), ...bounds });
    const renewed = await renewFor(first, { ...deps, accountId, credential, timeoutMs: leftMs() });
    if (renewed === null || leftMs() <= 0) return readExchange(first, { timeoutMs, credential });
    const again = authorizeRequest(question, renewed.authorization);
    return readExchange(await deliver(again, { timeoutMs: leftMs(), ...bounds }), { timeoutMs, credential: renewed });
  };
}

type Opened = { kind: 'open'; credential: OpenedCredential | null } | { kind: 'failed'; reason: string };

async function openFor(
  { credentialId }: LivePricingService,
  { credentials, accountId, timeoutMs }: Pick<AskPriceDeps, 'credentials'> & { accountId: string; timeoutMs: number },
): Promise<Opened> {
  if (credentialId === null) return { kind: 'open', credential: null };
  if (credentials === null) return { kind: 'failed', reason: 'its credential is not used here' };
  return credentials.open({ accountId, credentialId }, { timeoutMs });
}

const UNAUTHORIZED = 401;

/** Another token after a 401, as recipients get one (decision page 0081); null: there is none, or none is wanted. */
async function renewFor(
  result: DeliveryResult,
  at: Pick<AskPriceDeps, 'credentials'> & {
    accountId: string;
    credential: OpenedCredential | null;
    timeoutMs: number;
  },
): Promise<OpenedCredential | null> {
  const { credentials, accountId, credential, timeoutMs } = at;
  const isRefused = result.kind === 'answered' && result.response.status === UNAUTHORIZED;
  if (!isRefused || !credentials || credential === null || credential.accessToken === null) return null;
  const key = { accountId, credentialId: credential.id };
  const opening = await credentials.renew(key, { accessToken: credential.accessToken, timeoutMs });
  return opening.kind === 'open' ? opening.credential : null;
}

function readExchange(
  result: DeliveryResult,
  { timeoutMs, credential }: { timeoutMs: number; credential: OpenedCredential | null },
): PriceExchange {
  const scrub = createScrubber(credential?.secrets ?? []);
  const answer = readPriceAnswer(result, timeoutMs);
  const scrubbed: PriceAnswer =
    answer.kind === 'priced'
      ? { ...answer, reason: answer.reason === null ? null : scrub(answer.reason) }
      : { ...answer, fault: scrub(answer.fault) };
  if (result.kind !== 'answered') return { answer: scrubbed, response: null };
  const { status, body } = result.response;
  return { answer: scrubbed, response: { status, body: scrub(body.slice(0, PRICE_ANSWER_CHARACTERS_MAX)) } };
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
