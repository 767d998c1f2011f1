import type { ErrorCode } from '../../src/http/errors.ts';
import { type DocumentedRoute, takesBody } from '../../src/http/route.ts';
import { DOCUMENTED_ROUTES } from '../../src/http/routes.ts';
import { type Caller, type Recipe, recipe, type Sent } from './recipe.ts';
import type { Stage } from './stage.ts';

/** Nothing has it. */
export const UNKNOWN_ID = '0123456789abcdef01234567';
const BODY_BYTES_MAX = 1024 * 1024;
const ELSEWHERE = 'https://elsewhere.example';

/** An unused key and token, so that a statement looks for them. */
const STRANGE_KEY = 'slk_0000000000000000';
const STRANGE_COOKIE = `sluice_session=${'a'.repeat(43)}`;

/**
 * How every row is asked for the errors that do not come from its handler. `base` is the recipe of the row’s first
 * success: what is asked there is asked here with one thing wrong.
 */
export function buildRouterRecipes(route: DocumentedRoute, base: Recipe): Partial<Record<ErrorCode, Recipe>> {
  // Neither of a path that has one of them has the other.
  const isPatched = DOCUMENTED_ROUTES.some(({ path, method }) => path === route.path && method === 'PATCH');
  const otherMethod = isPatched ? 'PUT' : 'PATCH';
  const ask = (how: string, sent: Omit<Sent, 'params'>) => recipe(how, () => ({ params: anyParams(route), ...sent }));
  const askBy = (how: string, by: (stage: Stage) => Omit<Sent, 'params'>) =>
    recipe(how, (stage) => ({ params: anyParams(route), ...by(stage) }));
  return {
    malformed_url: ask('a NUL character in the query', { query: 'a=%00' }),
    malformed_query: ask('a parameter that the route does not know', { query: 'no_such_parameter=1' }),
    malformed_header: ask('`If-Match` that is no revision', { headers: { 'If-Match': '"x"' } }),
    malformed_body: ask('half of a JSON body', { text: '{"a":' }),
    authentication_failed: ask('no key', { as: 'nobody' }),
    permission_required: recipe('a key without the permission', async (stage) => ({
      params: anyParams(route),
      as: await keyWithout(stage, route),
    })),
    session_required: askBy('an API key', ({ server }) => ({ as: { key: server.key } })),
    csrf_token_required: askBy('a session without `X-CSRF-Token`', ({ session }) => ({
      as: { cookie: session.cookie },
    })),
    origin_not_allowed: askBy('a page of another origin', ({ session }) => ({
      as: route.permission === 'public' ? 'nobody' : session,
      headers: { Origin: ELSEWHERE },
    })),
    not_found: notFound(route, base),
    method_not_allowed: ask(otherMethod, { method: otherMethod }),
    body_too_large: ask('a body one byte longer than the bound', {
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': String((route.bodyBytesMax ?? BODY_BYTES_MAX) + 1),
      },
    }),
    unsupported_media_type: ask('a body as CSV', { text: 'a,b', headers: { 'Content-Type': 'text/csv' } }),
    invalid_document: takesBody(route)
      ? recipe('a body that is a text', async (stage) => ({ ...(await base.prepare(stage, route)), body: 'x' }))
      : ask('a body, where none is read', { body: { a: 1 } }),
    internal_error: ask('anything, while a statement fails', { ...asStranger(route), server: 'failing' }),
    unavailable: ask('anything, while the database is away', { ...asStranger(route), server: 'away' }),
  };
}

/** Well-formed, and nothing there has them. */
function anyParams({ params }: DocumentedRoute): Record<string, string> {
  return Object.fromEntries(Object.keys(params).map((name) => [name, UNKNOWN_ID]));
}

/** Where the handler has a 404 of its own, an id that nothing has; elsewhere what is no id. */
function notFound(route: DocumentedRoute, base: Recipe): Recipe {
  const last = Object.keys(route.params).at(-1) ?? '';
  const isOwn = route.answers[404] !== undefined;
  return recipe(isOwn ? `\`${last}\` that nothing has` : `\`${last}\` that is no id`, async (stage) => {
    const sent = await base.prepare(stage, route);
    return { ...sent, params: { ...sent.params, [last]: isOwn ? UNKNOWN_ID : 'monday' } };
  });
}

async function keyWithout(stage: Stage, { permission }: DocumentedRoute): Promise<Caller> {
  const other = permission === 'flows.read' ? 'leads.read' : 'flows.read';
  return { key: (await stage.newKey({ permissions: [other] })).key };
}

/** On a public route the body says whom to look for. */
function asStranger({ permission, method, doc }: DocumentedRoute): Sent {
  if (permission === 'public') return { as: 'nobody', body: doc.example?.body };
  if (permission !== 'session') return { as: { key: STRANGE_KEY } };
  return { as: { cookie: STRANGE_COOKIE, ...(method === 'GET' ? {} : { csrf: 'x' }) } };
}
