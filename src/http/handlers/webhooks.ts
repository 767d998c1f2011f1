import { maySeeValues, type Principal } from '../../access/principal.ts';
import type { RevealStore } from '../../access/reveal-store.ts';
import type { SendAlert } from '../../alerts/send-alert.ts';
import { buildEvent } from '../../events/build-event.ts';
import { buildExampleEvent } from '../../events/build-example-event.ts';
import { NO_AFTER, NO_BEFORE } from '../../events/id-range.ts';
import type { FindRevision } from '../../events/revisions.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { stringifyOrdered } from '../../lib/stringify-ordered.ts';
import type { EventType } from '../../model/event.ts';
import type { Problem } from '../../model/problem.ts';
import { WEBHOOKS_MAX, type WebhookDefinition, type WebhookStore } from '../../webhooks/webhook.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import type { ReadingStores } from '../reading-stores.ts';
import { progressAnswer } from './firehose.ts';
import { newSigningSecret } from './new-signing-secret.ts';

export interface WebhookDeps {
  webhooks: WebhookStore;
  flows: FlowStore;
  sendAlert: SendAlert;
  /** Why a URL cannot be posted to; undefined: it can. */
  urlProblem(url: string): string | undefined;
  randomBytes(count: number): Buffer;
  ids: Ids;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}

interface WebhookRequest {
  principal: Principal;
  params: { id: string };
}

interface GivenWebhook {
  name: string;
  url: string;
  enabled?: boolean;
  flow_ids?: string[];
  types?: EventType[];
  outcomes?: string[];
}

const UNKNOWN_WEBHOOK = apiError('not_found', 'There is no webhook with this id.');
const MALFORMED = 'The webhook is not valid; details says where.';

/** `GET /webhooks`. */
export async function listWebhooks(
  { webhooks }: Pick<WebhookDeps, 'webhooks'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  return answer(200, await webhooks.list(principal.accountId));
}

/** `POST /webhooks`: the answer alone has the secret that events are signed with. */
export async function createWebhook(
  deps: Pick<WebhookDeps, 'webhooks' | 'flows' | 'urlProblem' | 'randomBytes' | 'ids' | 'clock'>,
  { principal: { accountId }, body }: { principal: Principal; body: GivenWebhook },
): Promise<ApiResult> {
  const definition = definitionOf(body);
  const problems = await findProblems(deps, accountId, definition);
  if (problems.length > 0) return invalidDocument(problems, MALFORMED);
  const secret = newSigningSecret(deps.randomBytes);
  const key = { accountId, webhookId: deps.ids.next() };
  const made = await deps.webhooks.insert(key, { definition, secret, now: deps.clock.now() });
  if (!made) return apiError('conflict', `The account has ${WEBHOOKS_MAX} webhooks, and may have no more.`);
  return answer(201, { ...made, secret });
}

/** `GET /webhooks/{id}`. */
export async function readWebhook(
  { webhooks }: Pick<WebhookDeps, 'webhooks'>,
  { principal, params }: WebhookRequest,
): Promise<ApiResult> {
  const found = await webhooks.find(keyOf({ principal, params }));
  return found ? answer(200, found) : UNKNOWN_WEBHOOK;
}

/** `PUT /webhooks/{id}`: the secret stays. */
export async function replaceWebhook(
  deps: Pick<WebhookDeps, 'webhooks' | 'flows' | 'urlProblem' | 'clock'>,
  { principal, params, body }: WebhookRequest & { body: GivenWebhook },
): Promise<ApiResult> {
  const definition = definitionOf(body);
  const problems = await findProblems(deps, principal.accountId, definition);
  if (problems.length > 0) return invalidDocument(problems, MALFORMED);
  const replaced = await deps.webhooks.replace(keyOf({ principal, params }), { definition, now: deps.clock.now() });
  return replaced ? answer(200, replaced) : UNKNOWN_WEBHOOK;
}

/** `DELETE /webhooks/{id}`: what waits for it is not sent any more. */
export async function removeWebhook(
  { webhooks }: Pick<WebhookDeps, 'webhooks'>,
  { principal, params }: WebhookRequest,
): Promise<ApiResult> {
  const removed = await webhooks.remove(keyOf({ principal, params }));
  return removed ? answer(200, removed) : UNKNOWN_WEBHOOK;
}

/** `POST /webhooks/{id}/secret`: a new secret, shown once; events are signed with it from now on. */
export async function rotateWebhookSecret(
  { webhooks, randomBytes, clock }: Pick<WebhookDeps, 'webhooks' | 'randomBytes' | 'clock'>,
  { principal, params }: WebhookRequest,
): Promise<ApiResult> {
  const secret = newSigningSecret(randomBytes);
  const written = await webhooks.writeSecret(keyOf({ principal, params }), { secret, now: clock.now() });
  return written ? answer(200, { ...written, secret }) : UNKNOWN_WEBHOOK;
}

export interface WebhookTestDeps extends Pick<WebhookDeps, 'webhooks' | 'sendAlert' | 'ids' | 'clock'> {
  reading: Pick<ReadingStores, 'events'>;
  findRevision: FindRevision;
  /** Records who asked for the values of a lead. */
  reveals: RevealStore;
}

/** What is sent. Nothing said: an event of no lead, with the type `webhook.test`. */
export interface AskedTest {
  type?: EventType;
  from?: 'newest' | 'example';
  /** This event, whatever is newer. */
  event_id?: string;
  preview?: boolean;
}

/**
 * `POST /webhooks/{id}/test`: sends one event, and says what was sent and answered. An event of a lead shows its values: the activity
 * log has who asked before it is read (decision page 0116).
 */
export async function testWebhook(
  deps: WebhookTestDeps,
  { principal, params, body: asked }: WebhookRequest & { body: AskedTest },
): Promise<ApiResult> {
  const { webhooks, sendAlert, ids, clock } = deps;
  const key = keyOf({ principal, params });
  const [live, webhook] = await Promise.all([webhooks.findLive(key), webhooks.find(key)]);
  if (!live || !webhook) return UNKNOWN_WEBHOOK;
  const id = `webhook_test_${ids.next()}`;
  const built = await buildTestBody(deps, { principal, webhook, asked, id });
  if (!built.ok) return built.error;
  const { body, eventId } = built.value;
  if (asked.preview === true)
    return answer(200, {
      ...{ sent: false, fault: null, ms: 0, event_id: eventId, request: body, headers: null, response: null },
    });
  const startedAt = clock.monotonic();
  const { fault, headers, response } = await sendAlert({ ...live, emails: [] }, { id, body });
  const ms = Math.round(clock.monotonic() - startedAt);
  return answer(200, { sent: headers !== null, fault, ms, event_id: eventId, request: body, headers, response });
}

interface TestBody {
  body: string;
  /** Of a lead; null: it is made up. */
  eventId: string | null;
}

async function buildTestBody(
  deps: WebhookTestDeps,
  given: { principal: Principal; webhook: WebhookDefinition; asked: AskedTest; id: string },
): Promise<Result<TestBody, ApiError>> {
  const { webhook, asked, id } = given;
  const now = deps.clock.now();
  const { type = webhook.types[0] ?? 'source', from, event_id: eventId } = asked;
  if (from === 'newest' || eventId !== undefined) return readEventToTest(deps, { ...given, type });
  if (from === undefined && asked.type === undefined) {
    const body = JSON.stringify({ id, timestamp: new Date(now).toISOString(), type: 'webhook.test' });
    return ok({ body, eventId: null });
  }
  return ok({ body: stringifyOrdered(buildExampleEvent(type, { id: deps.ids.next(), now })), eventId: null });
}

const EVENT_FORBIDDEN = apiError(
  'permission_required',
  'An event of a lead has its values: it needs the permissions leads.read and personal_data.read. Send an example instead.',
);
const NO_EVENT = apiError(
  'conflict',
  'There is no such event among those that the webhook takes: send an example instead.',
);

async function readEventToTest(
  { reading: { events }, findRevision, reveals }: WebhookTestDeps,
  given: { principal: Principal; webhook: WebhookDefinition; asked: AskedTest; type: EventType },
): Promise<Result<TestBody, ApiError>> {
  const { principal, webhook, asked, type } = given;
  const { accountId, permissions } = principal;
  if (!permissions.has('leads.read') || !maySeeValues(principal)) return fail(EVENT_FORBIDDEN);
  const flowIds = webhook.flow_ids.length === 0 ? undefined : webhook.flow_ids;
  const outcomes = webhook.outcomes.length === 0 ? undefined : webhook.outcomes;
  const newest =
    asked.event_id === undefined
      ? await events.pageOfEvents({
          ...{ accountId, range: { after: NO_AFTER, before: NO_BEFORE }, sort: 'desc', limit: 1 },
          filter: { types: [type], flowIds, outcomes },
        })
      : null;
  const eventId = asked.event_id?.toLowerCase() ?? newest?.found[0]?.id;
  const found = eventId === undefined ? null : await events.findEvent({ accountId, eventId });
  if (!found) return fail(NO_EVENT);
  const { lead, event } = found;
  await reveals.record({ accountId, leadId: lead.id });
  return ok({ body: stringifyOrdered(buildEvent({ lead, flow: await findRevision(lead) }, event)), eventId: event.id });
}

/** `GET /webhooks/{id}/state`: what waits, what arrived and what fails. */
export async function readWebhookState(
  { webhooks }: Pick<WebhookDeps, 'webhooks'>,
  { principal, params }: WebhookRequest,
): Promise<ApiResult> {
  const found = await webhooks.readState(keyOf({ principal, params }));
  if (!found) return UNKNOWN_WEBHOOK;
  const { id, disabled_reason, disabled_at } = found.webhook;
  const progress = progressAnswer(found.progress);
  const state = disabled_reason === null ? progress.state : 'disabled';
  return answer(200, { id, disabled_reason, disabled_at, ...progress, state });
}

/** `POST /webhooks/{id}/recover`: sends again what was set aside, and tries a receiver that fails at once. */
export async function recoverWebhook(
  { webhooks, clock }: Pick<WebhookDeps, 'webhooks' | 'clock'>,
  { principal, params, body: { since } }: WebhookRequest & { body: { since?: string } },
): Promise<ApiResult> {
  const from = since === undefined ? 0 : Date.parse(since);
  if (Number.isNaN(from)) return invalidDocument([{ path: 'since', message: 'Must be an ISO 8601 time.' }]);
  const recovered = await webhooks.recover(keyOf({ principal, params }), { since: from, now: clock.now() });
  return recovered === null ? UNKNOWN_WEBHOOK : answer(200, { recovered });
}

function keyOf({ principal, params }: WebhookRequest) {
  return { accountId: principal.accountId, webhookId: params.id };
}

function definitionOf(given: GivenWebhook): WebhookDefinition {
  const { name, url, enabled = true, flow_ids = [], types = [], outcomes = [] } = given;
  return {
    ...{ name: name.trim(), url: url.trim(), enabled },
    ...{ flow_ids: [...new Set(flow_ids)], types: [...new Set(types)], outcomes: [...new Set(outcomes)] },
  };
}

async function findProblems(
  { flows, urlProblem }: Pick<WebhookDeps, 'flows' | 'urlProblem'>,
  accountId: string,
  { url, flow_ids: flowIds }: WebhookDefinition,
): Promise<Problem[]> {
  const problem = urlProblem(url);
  const found = await Promise.all(flowIds.map((flowId) => flows.find({ accountId, flowId })));
  return [
    ...(problem === undefined ? [] : [{ path: 'url', message: `${problem}.` }]),
    ...found.flatMap((flow, index) =>
      flow ? [] : [{ path: `flow_ids.${index}`, message: 'There is no flow with this id.' }],
    ),
  ];
}
