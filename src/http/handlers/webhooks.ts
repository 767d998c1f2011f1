import type { Principal } from '../../access/principal.ts';
import type { SendAlert } from '../../alerts/send-alert.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { EventType } from '../../model/event.ts';
import type { Problem } from '../../model/problem.ts';
import { WEBHOOKS_MAX, type WebhookDefinition, type WebhookStore } from '../../webhooks/webhook.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
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

/** `POST /webhooks/{id}/test`: sends one event of no lead, and says what the receiver answered. */
export async function testWebhook(
  { webhooks, sendAlert, ids, clock }: Pick<WebhookDeps, 'webhooks' | 'sendAlert' | 'ids' | 'clock'>,
  { principal, params }: WebhookRequest,
): Promise<ApiResult> {
  const live = await webhooks.findLive(keyOf({ principal, params }));
  if (!live) return UNKNOWN_WEBHOOK;
  const id = `webhook_test_${ids.next()}`;
  const body = JSON.stringify({ id, timestamp: new Date(clock.now()).toISOString(), type: 'webhook.test' });
  const startedAt = clock.monotonic();
  const { fault, response } = await sendAlert({ ...live, emails: [] }, { id, body });
  return answer(200, { fault, ms: Math.round(clock.monotonic() - startedAt), request: body, response });
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
