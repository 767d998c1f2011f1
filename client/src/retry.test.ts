import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestRecipient, type RecipientAnswer, type TestRecipient } from '../../test/harness/recipient.ts';
import { createClient } from './client.ts';
import { readRetryAfter } from './exchange.ts';
import { SluiceError } from './sluice-error.ts';

/*
 * A server that answers as a test says, and a client whose chance, clock and waits are in the test's hands: a wait takes
 * no time and moves the clock.
 */

const KEY = 'the-secret-key';
let server: TestRecipient;
beforeAll(async () => {
  server = await openTestRecipient();
});
afterAll(() => server.close());

let now = 0;
let waits: number[] = [];
beforeEach(() => {
  now = Date.UTC(2025, 2, 3, 12);
  waits = [];
  server.deliveries.length = 0;
});

function openClient(options: { attemptsMax?: number; timeoutMs?: number; random?: number } = {}) {
  const { random = 0.5, ...others } = options;
  const sleep = (ms: number) => {
    waits.push(ms);
    now += ms;
    return Promise.resolve();
  };
  return createClient({ url: server.url, key: KEY, ...others, tools: { random: () => random, now: () => now, sleep } });
}

function answerInTurn(...answers: RecipientAnswer[]): void {
  const last = answers.at(-1) ?? 'hangUp';
  server.answerWith(() => answers.shift() ?? last);
}

const GOOD: RecipientAnswer = { body: [] };
const busy = (headers: Record<string, string> = {}): RecipientAnswer => ({
  status: 503,
  headers,
  body: { error: 'The server is busy.', code: 'unavailable' },
});

async function failureOf(call: Promise<unknown>): Promise<SluiceError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SluiceError) return error;
  throw new Error(`no SluiceError: ${error}`);
}

describe('a call that changes nothing', () => {
  it.each([408, 429, 502, 503, 504])('is sent again after %i', async (status) => {
    answerInTurn({ status, body: {} }, GOOD);
    expect(await openClient().listFlows()).toEqual([]);
    expect(server.deliveries).toHaveLength(2);
  });

  it('is sent again after a connection that was lost', async () => {
    answerInTurn('hangUp', GOOD);
    expect(await openClient().listFlows()).toEqual([]);
  });

  it.each([400, 401, 403, 404, 409, 422, 500])('is not sent again after %i', async (status) => {
    answerInTurn({ status, body: {} });
    expect((await failureOf(openClient().listFlows())).status).toBe(status);
    expect(server.deliveries).toHaveLength(1);
  });

  it('is sent a bounded number of times, with waits that double and differ by chance', async () => {
    answerInTurn(busy());
    const error = await failureOf(openClient({ attemptsMax: 8, random: 0.5 }).listFlows());
    expect(error).toMatchObject({ status: 503, code: 'unavailable', request: 'GET /flows' });
    expect(server.deliveries).toHaveLength(8);
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 4_000]);
  });

  it.each([
    ['seconds', '3', 3_000],
    ['a date', 'Mon, 03 Mar 2025 12:00:05 GMT', 5_000],
    ['a date that is over', 'Mon, 03 Mar 2025 11:00:00 GMT', 0],
    ['an unreadable one', 'soon', 0],
  ])('waits at least as long as Retry-After asks for, as %s', async (_form, header, leastMs) => {
    answerInTurn(busy({ 'Retry-After': header }), GOOD);
    await openClient({ random: 0.5 }).listFlows();
    expect(waits).toEqual([leastMs + 100]);
  });

  it('ends at once where the wait would last longer than the time limit', async () => {
    answerInTurn(busy({ 'Retry-After': '60' }));
    const error = await failureOf(openClient({ timeoutMs: 30_000 }).listFlows());
    expect(error).toMatchObject({ status: 503, retryAfterMs: 60_000 });
    expect(waits).toEqual([]);
  });
});

describe('a call that changes something', () => {
  it.each<[string, RecipientAnswer, object]>([
    ['503', busy({ 'Retry-After': '1' }), { status: 503, code: 'unavailable', retryAfterMs: 1_000 }],
    [
      'a lost connection',
      'hangUp',
      { status: null, code: 'connection_failed', message: expect.stringContaining('may have been carried out') },
    ],
  ])('is sent once, whatever comes: %s', async (_name, answer, facts) => {
    answerInTurn(answer);
    expect(
      await failureOf(openClient().createFlow({ name: 'Solar', enabled: true, fields: [], sources: [], steps: [] })),
    ).toMatchObject(facts);
    expect(server.deliveries).toHaveLength(1);
  });
});

describe('time', () => {
  it('that is over ends the call', async () => {
    server.answerWith(() => new Promise(() => undefined));
    const error = await failureOf(
      openClient({ timeoutMs: 30 }).createFlow({ name: '', enabled: true, fields: [], sources: [], steps: [] }),
    );
    expect(error).toMatchObject({ code: 'timed_out', status: null, request: 'POST /flows' });
    expect(error.message).toBe('No answer came within 30 ms. The request may have been carried out.');
  });

  it('a signal of the caller ends the call with its own reason', async () => {
    server.answerWith(() => new Promise(() => undefined));
    const controller = new AbortController();
    const call = openClient().listFlows({}, { signal: controller.signal });
    await server.arrival(1);
    const reason = new Error('the page was left');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });
});

describe('an answer', () => {
  const unreadable = 'The answer is not the JSON of a Sluice server: check the URL and what is before the server.';
  it.each<[string, RecipientAnswer, object]>([
    [
      'a page of a proxy',
      { headers: { 'Content-Type': 'text/html' }, body: '<p>Log in' },
      { code: 'unreadable_answer', message: unreadable },
    ],
    ['JSON that is cut off', { body: '[{"id"' }, { code: 'unreadable_answer', message: unreadable }],
    ['a redirect', { status: 302, headers: { Location: '/login' }, body: '' }, { code: 'redirected', status: 302 }],
    [
      '401 without a code',
      { status: 401, body: { error: 'authentication failed' } },
      { code: 'authentication_failed' },
    ],
    [
      'an error page',
      { status: 404, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
      { code: 'http_404', message: 'The server answered 404.' },
    ],
    [
      'the message of a disabled source',
      { status: 403, body: { message: 'Source is disabled' } },
      { code: 'http_403', message: 'Source is disabled' },
    ],
    [
      'problems with their places',
      {
        status: 422,
        body: { error: 'No.', code: 'invalid_document', details: [{ path: 'name', message: 'Is required.' }] },
      },
      { code: 'invalid_document', message: 'No.', details: [{ path: 'name', message: 'Is required.' }] },
    ],
  ])('that is %s is an error of its own', async (_name, answer, facts) => {
    answerInTurn(answer);
    expect(
      await failureOf(openClient().createFlow({ name: '', enabled: true, fields: [], sources: [], steps: [] })),
    ).toMatchObject(facts);
  });
});

describe('the API key', () => {
  it('goes only into the header, and into no error', async () => {
    answerInTurn({ status: 401, body: { error: 'authentication failed' } });
    const error = await failureOf(openClient().listFlows({ include: ['name'] }));
    expect(server.deliveries[0]).toMatchObject({
      path: '/flows?include=name',
      headers: { authorization: `Basic ${btoa(`API:${KEY}`)}` },
    });
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain(KEY);
  });

  it.each([[{ url: `http://api:${KEY}@127.0.0.1/` }], [{ url: KEY }], [{ url: 'http://127.0.0.1/', key: ' ' }]])(
    'and URLs that can be none are refused without repeating them (%#)',
    (options) => {
      expect(() => createClient(options)).toThrow(TypeError);
      expect(() => createClient(options)).not.toThrow(KEY);
    },
  );
});

describe('arguments', () => {
  const flows = () => openClient();
  it.each<[string, () => Promise<unknown>, string]>([
    ['an id that would lead elsewhere', () => flows().readFlow('..'), 'id must be a text, such as an id.'],
    [
      'a filter that is empty',
      () => flows().listEvents({ lead_id: [] }),
      'lead_id is empty: leave it out, or give a value.',
    ],
    [
      'a filter that is blank',
      () => flows().listFlows({ include: ' ' }),
      'include is empty: leave it out, or give a value.',
    ],
  ])('%s is refused before anything is sent', async (_name, call, message) => {
    await expect(call()).rejects.toThrow(message);
    expect(server.deliveries).toEqual([]);
  });

  it('go into the URL as the server reads them', async () => {
    answerInTurn(GOOD);
    await flows().listEvents({
      type: ['recipient', 'source'],
      start: new Date(0),
      rules: [{ lhv: 'outcome', op: 'is equal to', rhv: 'a&b' }],
      sort: undefined,
    });
    const url = new URL(server.deliveries[0]?.path ?? '', server.url);
    expect([...url.searchParams]).toEqual([
      ['type', 'recipient'],
      ['type', 'source'],
      ['start', '1970-01-01T00:00:00.000Z'],
      ['rules', '[{"lhv":"outcome","op":"is equal to","rhv":"a&b"}]'],
    ]);
  });
});

it('Retry-After without a header is null', () => {
  expect(readRetryAfter(null, 0)).toBeNull();
});
