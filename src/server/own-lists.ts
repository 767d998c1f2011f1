import { permissionsOfRole, UNLIMITED } from '../access/principal.ts';
import type { ApiResult } from '../http/api.ts';
import { ERRORS, errorText } from '../http/errors.ts';
import type { ListDeps } from '../http/handlers/lists.ts';
import type { Route } from '../http/route.ts';
import { LIST_ROUTES } from '../http/routes/lists.ts';
import { OWN_LISTS } from '../integrations/builtin/leadconduit-suppressionlist/list-request.ts';
import type { Deliver, DeliveryResult, OutboundRequest, OutboundResponse } from '../integrations/contract.ts';
import { assert } from '../lib/assert.ts';

export interface OwnListsDeps extends ListDeps {
  startTimer(ms: number, onEnd: () => void): () => void;
  /** The work failed: the database is away, or there is a fault of ours. */
  report(error: unknown): void;
}

/**
 * Delivers what is sent to the lists of the lead's own account by asking them, without a network: the same rows as the
 * API, so that modules get the same answers. Everything else goes to `deliver`.
 */
export function answerOwnLists(deliver: Deliver, deps: OwnListsDeps): Deliver {
  return async (request, bounds) => {
    if (!request.url.startsWith(`${OWN_LISTS}/`)) return deliver(request, bounds);
    const { accountId, timeoutMs } = bounds;
    assert(accountId !== undefined, 'who delivers to own lists says whose they are');
    const sentAt = deps.clock.now();
    const ended = await within(timeoutMs, { deps, asking: ask(deps, { request, accountId }) });
    const receivedAt = deps.clock.now();
    if (ended.kind === 'answered')
      return { kind: 'answered', response: ended.response, truncated: false, url: request.url, sentAt, receivedAt };
    // A question changes nothing; what should be entered may have been.
    const kind = request.method === 'GET' ? 'unsent' : 'unknown';
    return { kind, reason: ended.reason, sentAt, receivedAt } satisfies DeliveryResult;
  };
}

type Ended = { kind: 'answered'; response: OutboundResponse } | { kind: 'failed'; reason: string };

function within(
  ms: number,
  { deps, asking }: { deps: OwnListsDeps; asking: Promise<OutboundResponse> },
): Promise<Ended> {
  return new Promise((resolve) => {
    const callOff = deps.startTimer(ms, () =>
      resolve({ kind: 'failed', reason: `the lists did not answer within ${ms / 1000} seconds` }),
    );
    asking.then(
      (response) => {
        callOff();
        resolve({ kind: 'answered', response });
      },
      (error: unknown) => {
        callOff();
        deps.report(error);
        resolve({ kind: 'failed', reason: 'the lists could not be asked' });
      },
    );
  });
}

const ROWS: readonly Route<ListDeps>[] = LIST_ROUTES;

/** What is asked is read by the row of the API, as if it had come over HTTP with a key of the account. */
async function ask(
  deps: ListDeps,
  { request, accountId }: { request: OutboundRequest; accountId: string },
): Promise<OutboundResponse> {
  const [path = '', query = ''] = request.url.slice(OWN_LISTS.length).split('?');
  const segments = path.split('/').slice(1).map(decodeURIComponent);
  const row = ROWS.find((each) => each.method === request.method && matches(each.path, segments));
  if (!row) return { status: 404, version: '1.1', headers: JSON_HEADERS, body: '{"error":"Not Found."}' };
  const names = row.path.split('/').slice(1);
  const params = Object.fromEntries(
    names.flatMap((name, index) => (name.startsWith(':') ? [[name.slice(1), segments[index] ?? '']] : [])),
  );
  const result = await row.run(deps, {
    principal: { accountId, actor: STEP, permissions: permissionsOfRole('editor'), limits: UNLIMITED },
    live: undefined,
    browser: { ip: '', userAgent: '', origin: '', sessionToken: undefined },
    params,
    query: Object.fromEntries(new URLSearchParams(query)),
    body: request.body === undefined ? undefined : JSON.parse(request.body),
    headers: {},
  });
  return responseOf(result);
}

/** Changes of entries are not in the activity log, so the name is seen nowhere. */
const STEP = { kind: 'key', id: '', name: 'a step of a flow' } as const;

const JSON_HEADERS = { 'Content-Type': 'application/json; charset=utf-8' };

function matches(path: string, segments: readonly string[]): boolean {
  const names = path.split('/').slice(1);
  return names.length === segments.length && names.every((name, at) => name.startsWith(':') || name === segments[at]);
}

function responseOf(result: ApiResult): OutboundResponse {
  if (result.kind === 'empty') return { status: result.status, version: '1.1', headers: {}, body: '' };
  if (result.kind === 'error')
    return { status: ERRORS[result.code], version: '1.1', headers: JSON_HEADERS, body: errorText(result) };
  return {
    status: result.status,
    version: '1.1',
    headers: { ...JSON_HEADERS, ...result.headers },
    body: JSON.stringify(result.body),
  };
}
