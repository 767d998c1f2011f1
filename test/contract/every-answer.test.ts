import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentedRoute } from '../../src/http/route.ts';
import { listAnswerCases, listUselessRecipes } from './find-recipe.ts';
import { type Received, send } from './send.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const CASES = listAnswerCases().map((each) => ({ ...each, title: `${each.route.method} ${each.route.path}` }));

describe('every answer that a row declares is given by a server', () => {
  it.each(CASES)('$title → $status $name', async ({ route, status, name, recipe }) => {
    const sent = await recipe.prepare(stage satisfies Stage, route);
    const received = await send(stage, { route, sent });
    expect([received.status, received.text]).toEqual([status, expect.any(String)]);
    expect(nameAnswer(received, route)).toBe(name);
  });

  it('no recipe is of an answer that no row declares', () => {
    expect(listUselessRecipes()).toEqual([]);
  });
});

/** Its status, its code, or the name of a body that the row has word for word. */
function nameAnswer({ status, text, json }: Received, { wireErrors = [] }: DocumentedRoute): string | undefined {
  if (status < 400) return String(status);
  const own = wireErrors.find(({ body }) => (typeof body === 'string' ? body : JSON.stringify(body)) === text);
  if (own) return own.name;
  // What has no code is the documented 401, as test/harness/check-answers.ts has compared.
  return (json as { code?: string } | undefined)?.code ?? 'authentication_failed';
}
