import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Deliver, DeliveryResult } from '../integrations/contract.ts';
import type { LivePricingService } from '../model/pricing.ts';
import { createAskPrice, PRICE_ANSWER_CHARACTERS_MAX, readPriceAnswer } from './ask-price.ts';
import type { Credentials, OpenedCredential, Opening } from './open-credential.ts';

const TIMES = { sentAt: 0, receivedAt: 1 };
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const SERVICE: LivePricingService = {
  ...{ id: 'srv', name: 'Rates', url: 'https://prices.example.com/', variables: [] },
  ...{ credentialId: null, secret: SECRET },
};

const answered = (status: number, body: unknown, truncated = false): DeliveryResult => ({
  kind: 'answered',
  response: {
    status,
    version: '1.1',
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  },
  truncated,
  url: SERVICE.url,
  ...TIMES,
});

describe('the answer of a pricing service is', () => {
  it.each<[string, DeliveryResult, number, string | null]>([
    ['a price', answered(200, { price: 4.5 }), 45_000, null],
    ['a price of 0 with a reason', answered(201, { price: 0, reason: 'out of area' }), 0, 'out of area'],
    ['the highest price', answered(200, { price: 1_000_000 }), 10_000_000_000, null],
    ['a price whose reason is no text', answered(200, { price: 1, reason: { a: 1 } }), 10_000, null],
    ['a price whose reason is cut', answered(200, { price: 1, reason: 'x'.repeat(900) }), 10_000, 'x'.repeat(500)],
  ])('%s', (_name, result, amount, reason) => {
    expect(readPriceAnswer(result, 2_000)).toEqual({ kind: 'priced', amount, reason });
  });

  it.each<[string, DeliveryResult, string]>([
    ['text', answered(200, 'four dollars'), 'answered no JSON object'],
    ['empty', answered(204, ''), 'answered no JSON object'],
    ['a list', answered(200, [4]), 'answered no JSON object'],
    ['without a price', answered(200, { cost: 4 }), 'answered no price that is a number'],
    ['a price as text', answered(200, { price: '4.50' }), 'answered no price that is a number'],
    ['a price of null', answered(200, { price: null }), 'answered no price that is a number'],
    ['negative', answered(200, { price: -1 }), 'answered a price that is not from 0 to 1000000 dollars'],
    ['absurd', answered(200, { price: 1_000_001 }), 'answered a price that is not from 0 to 1000000 dollars'],
    ['infinite', answered(200, '{"price":1e999}'), 'answered a price that is not from 0 to 1000000 dollars'],
    ['a fault of it', answered(500, { price: 4 }), 'answered status 500'],
    ['a refusal', answered(403, { price: 4 }), 'answered status 403'],
    ['a redirect', answered(302, { price: 4 }), 'redirected the request (302)'],
    [
      'too much',
      answered(200, `{"price":1}${' '.repeat(PRICE_ANSWER_CHARACTERS_MAX)}`),
      'answered more than 16384 characters',
    ],
    ['more than is read', answered(200, { price: 1 }, true), 'answered more than 16384 characters'],
    ['too late', { kind: 'unknown', reason: 'x', blame: 'time', ...TIMES }, 'did not answer within 2000 ms'],
    [
      'nothing: it hung up',
      { kind: 'unknown', reason: 'prices.example.com ended the connection', blame: 'recipient', ...TIMES },
      'was not reached (prices.example.com ended the connection)',
    ],
    [
      'nothing: nothing was sent',
      { kind: 'unsent', reason: 'prices.example.com has no public address', blame: 'us', ...TIMES },
      'was not reached (prices.example.com has no public address)',
    ],
  ])('no price when it is %s', (_name, result, fault) => {
    expect(readPriceAnswer(result, 2_000)).toEqual({ kind: 'failed', fault });
  });
});

describe('a question to a pricing service', () => {
  const tools = {
    sign: (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest('base64'),
    now: () => 1_741_003_200_000,
  };
  const open = (
    answer: (...given: Parameters<Deliver>) => DeliveryResult = () => answered(200, { price: 4.5 }),
    credentials: Pick<Credentials, 'open' | 'renew'> | null = null,
    times: number[] = [],
  ) => {
    const sent: Parameters<Deliver>[] = [];
    const deliver: Deliver = async (...given) => {
      sent.push(given);
      return answer(...given);
    };
    const clock = { monotonic: () => times.shift() ?? 0 };
    return { sent, askPrice: createAskPrice({ deliver, tools, credentials, clock }) };
  };
  const question = { accountId: 'acc', id: 'price_1', body: '{"a":1}', timeoutMs: 2_000 };

  it('is signed as Standard Webhooks are, follows no redirect and has the limits of a recipient', async () => {
    const { sent, askPrice } = open();
    const { answer, response } = await askPrice(SERVICE, question);
    expect(answer).toEqual({ kind: 'priced', amount: 45_000, reason: null });
    expect(response).toEqual({ status: 200, body: '{"price":4.5}' });
    const [[request, bounds] = []] = sent;
    expect(bounds).toEqual({ timeoutMs: 2_000, accountId: 'acc', recipientId: 'srv' });
    expect(request).toMatchObject({ method: 'POST', url: SERVICE.url, body: '{"a":1}', followAllRedirects: false });
    expect(request?.headers).toMatchObject({
      'webhook-id': 'price_1',
      'webhook-timestamp': '1741003200',
      'webhook-signature': `v1,${tools.sign(Buffer.alloc(32, 7), 'price_1.1741003200.{"a":1}')}`,
    });
  });

  it('is not asked with a secret that cannot be read', async () => {
    const { sent, askPrice } = open();
    const { answer } = await askPrice({ ...SERVICE, secret: null }, question);
    expect(answer).toEqual({ kind: 'failed', fault: 'has a secret that cannot be read: rotate it' });
    expect(sent).toEqual([]);
  });

  const OPENED: OpenedCredential = {
    ...{ id: 'c', name: 'Rates', type: 'oauth2', vars: {} },
    ...{ secrets: ['first-token'], accessToken: 'first-token' },
    authorization: { kind: 'header', name: 'Authorization', value: 'Bearer first-token' },
  };
  const RENEWED: OpenedCredential = {
    ...{ ...OPENED, secrets: ['second-token'], accessToken: 'second-token' },
    authorization: { kind: 'header', name: 'Authorization', value: 'Bearer second-token' },
  };
  const WITH_CREDENTIAL = { ...SERVICE, credentialId: 'c' };
  const opens = (renewed: Opening = { kind: 'open', credential: RENEWED }) => ({
    open: (): Opening => ({ kind: 'open', credential: OPENED }),
    renew: async () => renewed,
  });
  const authorizations = (sent: Parameters<Deliver>[]) => sent.map(([{ headers }]) => headers['Authorization']);

  it('has the authorization of its credential beside the signature', async () => {
    const { sent, askPrice } = open(undefined, opens());
    await askPrice(WITH_CREDENTIAL, question);
    expect(authorizations(sent)).toEqual(['Bearer first-token']);
    expect(sent[0]?.[0].headers['webhook-signature']).toMatch(/^v1,/);
  });

  it('is asked once more with another token after a 401, and with none after that', async () => {
    const refusing = ({ headers }: { headers: Record<string, string> }) =>
      headers['Authorization'] === 'Bearer second-token' ? answered(200, { price: 1 }) : answered(401, '');
    const { sent, askPrice } = open(refusing, opens());
    expect((await askPrice(WITH_CREDENTIAL, question)).answer).toMatchObject({ kind: 'priced', amount: 10_000 });
    expect(authorizations(sent)).toEqual(['Bearer first-token', 'Bearer second-token']);
    const always = open(() => answered(401, ''), opens());
    expect((await always.askPrice(WITH_CREDENTIAL, question)).answer).toEqual({
      kind: 'failed',
      fault: 'answered status 401',
    });
    expect(always.sent).toHaveLength(2);
    const without = open(() => answered(401, ''), opens({ kind: 'failed', reason: 'no' }));
    await without.askPrice(WITH_CREDENTIAL, question);
    expect(without.sent).toHaveLength(1);
  });

  it('has no more time than it was given, with the time that a token took', async () => {
    const { sent, askPrice } = open(undefined, opens(), [0, 1_500, 1_600]);
    await askPrice(WITH_CREDENTIAL, question);
    expect(sent[0]?.[1].timeoutMs).toBe(500);
  });

  it('is not asked without the credential that its service names', async () => {
    const failing = { ...opens(), open: (): Opening => ({ kind: 'failed', reason: 'There is no credential' }) };
    for (const credentials of [failing, null]) {
      const { sent, askPrice } = open(undefined, credentials);
      const { answer } = await askPrice(WITH_CREDENTIAL, question);
      expect(answer).toMatchObject({ kind: 'failed', fault: expect.stringMatching(/^cannot be asked \(/) });
      expect(sent).toEqual([]);
    }
  });

  it('is answered without the secrets of the credential, whatever repeats them', async () => {
    const echoing = open(() => answered(200, { price: 1, reason: 'you sent first-token' }), opens());
    const exchange = await echoing.askPrice(WITH_CREDENTIAL, question);
    expect(exchange.answer).toMatchObject({ reason: 'you sent ***********' });
    expect(JSON.stringify(exchange)).not.toContain('first-token');
    const failing = open(() => ({ kind: 'unsent', reason: 'no host in ?k=first-token', ...TIMES }), opens());
    expect(JSON.stringify(await failing.askPrice(WITH_CREDENTIAL, question))).not.toContain('first-token');
  });
});
