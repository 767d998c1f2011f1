import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findErrorExample } from '../../src/http/error-examples.ts';
import { ERRORS, type ErrorCode } from '../../src/http/errors.ts';
import type { DocumentedRoute } from '../../src/http/route.ts';
import { ABSENCE } from './declared-answers.ts';
import { type AnswerCase, listAnswerCases, listUselessRecipes } from './find-recipe.ts';
import { type RecordedError, UPDATE, withoutChance, writeRecordedErrors } from './recorded-errors.ts';
import { type Received, send } from './send.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
  for (const slow of CASES.filter(isSlow)) askAhead(slow);
});
afterAll(async () => {
  if (isUpdate) writeRecordedErrors(recorded);
  await stage.close();
});

const isUpdate = process.env[UPDATE] === '1';
const recorded: RecordedError[] = [];

/** With the example that OpenAPI has. */
function compareError(error: RecordedError & { code: ErrorCode }): void {
  recorded.push(error);
  if (!isUpdate) expect(error.body, 'npm run answers:update').toEqual(findErrorExample(error.routeName, error.code));
}

const CASES = listAnswerCases().map((each) => ({ ...each, title: `${each.route.method} ${each.route.path}` }));

/** Answers that take seconds by themselves. They are asked for at the start, so that all of them wait at once. */
const underWay = new Map<AnswerCase, Promise<Received>>();

function isSlow({ name }: AnswerCase): boolean {
  return name === 'request_timeout';
}

function askAhead(slow: AnswerCase): void {
  const answer = provoke(slow);
  // Its test reports the failure.
  answer.catch(() => undefined);
  underWay.set(slow, answer);
}

async function provoke({ route, recipe }: AnswerCase): Promise<Received> {
  const sent = await recipe.prepare(stage satisfies Stage, route);
  const received = await send(stage, { route, sent });
  await sent.after?.();
  return received;
}

describe('every answer that a row declares is given by a server', () => {
  it.each(CASES)('$title → $status $name', async (answer) => {
    const { route, status, name } = answer;
    const received = await (underWay.get(answer) ?? provoke(answer));
    expect([received.status, received.text]).toEqual([status, expect.any(String)]);
    expect(nameAnswer(received, route)).toBe(name);
    if (isErrorCode(name)) compareError({ routeName: route.name, code: name, body: withoutChance(received.json) });
  });

  it('no recipe is of an answer that no row declares', () => {
    expect(listUselessRecipes()).toEqual([]);
  });
});

/** Examples that name what is not there for them, and what they get. Their form is right: it is judged first. */
const ABOUT_OTHERS: Readonly<Record<string, object>> = {
  evaluateFlow: { code: 'not_found' },
  moveSecretToCredential: { code: 'invalid_document', details: [{ path: 'step_id' }] },
  createRouter: { code: 'invalid_document', details: [{ path: 'routes.0.flow_id' }, { path: 'routes.1.flow_id' }] },
  replaceRouter: { code: 'invalid_document', details: [{ path: 'routes.0.flow_id' }, { path: 'routes.1.flow_id' }] },
  createBatch: { code: 'invalid_document', details: [{ path: 'target.credential_id' }] },
  replaceBatch: { code: 'invalid_document', details: [{ path: 'target.credential_id' }] },
  replaceCapAlerts: { code: 'invalid_document', details: [{ path: 'emails' }] },
  createApiKey: { code: 'invalid_document', details: [{ path: 'source_ids.0' }] },
  confirmSecondFactor: { code: 'invalid_document', details: [{ path: 'code' }] },
  removeSecondFactor: { code: 'invalid_document', details: [{ path: 'code' }] },
  signIn: { code: 'sign_in_failed' },
  sendFeedback: { code: 'not_found' },
  recoverFirehose: { code: 'not_found' },
  readInvitation: { code: 'not_found' },
  readWelcome: { code: 'not_found' },
  acceptWelcome: { code: 'not_found' },
  acceptInvitation: { code: 'not_found' },
};

describe('the examples of OpenAPI are what a server takes', () => {
  const withBody = CASES.filter(({ route, status }) => status < 400 && route.doc.example?.body !== undefined);
  const first = withBody.filter(({ route }, index) => withBody.findIndex((each) => each.route === route) === index);

  it.each(first)('$title', async ({ route, recipe }) => {
    const sent = { ...(await recipe.prepare(stage, route)), body: route.doc.example?.body };
    const received = await send(stage, { route, sent });
    const expected = ABOUT_OTHERS[route.name];
    if (expected === undefined) expect([received.status < 400, received.text]).toEqual([true, received.text]);
    else expect(received.json).toMatchObject(expected);
  });
});

/** Its status, its code, or the name of a body that the row has word for word. */
function nameAnswer(
  { status, text, json }: Received,
  { wireErrors = [], absence }: DocumentedRoute,
): string | undefined {
  if (status < 400) return String(status);
  if (absence !== undefined && status === 404 && (json as { error?: string } | undefined)?.error === undefined)
    return ABSENCE;
  const own = wireErrors.find(({ body }) =>
    typeof body === 'string'
      ? body === text
      : Object.entries(body).every(([key, value]) => (json as Record<string, unknown> | undefined)?.[key] === value),
  );
  if (own) return own.name;
  // What has no code is the documented 401, as test/harness/check-answers.ts has compared.
  return (json as { code?: string } | undefined)?.code ?? 'authentication_failed';
}

function isErrorCode(name: string): name is ErrorCode {
  return Object.hasOwn(ERRORS, name);
}
