import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FEEDBACK_PER_LEAD_MAX } from '../../feedback/feedback.ts';
import type { FeedbackDeps } from '../../feedback/feedback-deps.ts';
import { describeLead } from '../../feedback/feedback-vars.ts';
import type { MissLimits } from '../../feedback/miss-limits.ts';
import { type TakenFeedback, takeFeedback } from '../../feedback/take-feedback.ts';
import { feedback as module } from '../../integrations/builtin/leadconduit-standard/feedback.ts';
import type { HttpAnswer, InboundRequest } from '../../integrations/contract.ts';
import { isId } from '../../lib/ids.ts';
import type { RecordedRequest } from '../../model/event.ts';
import type { Log } from '../../observe/log.ts';
import { isPlainObject, textOf } from '../../variables/rich-value.ts';
import { type ApiError, apiError, ERRORS, errorText } from '../errors.ts';
import { readSenderAddress } from '../sender-address.ts';
import type { BodyBudget, BodyShare } from './body-budget.ts';
import { ANY_ORIGIN, buildOriginHeaders, buildPreflightHeaders } from './cross-origin.ts';
import { discardRest } from './read-bytes.ts';
import { readSubmission } from './read-submission.ts';

/** Of one process: each may wait for a source. */
const UNDER_WAY_MAX = 64;

export interface FeedbackIngestDeps {
  feedback: FeedbackDeps;
  misses: MissLimits;
  /** The bound on the bodies that are read and handled. */
  bodies: BodyBudget;
  /** Is the database out of reach? Then none is taken. */
  isStoreAway(): boolean;
  isUnavailable(error: unknown): boolean;
  log: Pick<Log, 'info'>;
}

/** Registers the URL that recipients send feedback to (spec api 7): no key, the id of the delivery's event is enough. */
export async function registerFeedback(app: FastifyInstance, deps: FeedbackIngestDeps): Promise<void> {
  const state: State = { underWay: 0, isDraining: false };
  app.addHook('preClose', async () => {
    state.isDraining = true;
  });
  app.all('/feedback', {
    // Before the framework reads the body, as for leads.
    onRequest: async (request, reply) => {
      reply.hijack();
      await receive({ request, reply, deps, state });
    },
    handler: async () => undefined,
  });
}

interface State {
  underWay: number;
  isDraining: boolean;
}

interface Received {
  request: FastifyRequest;
  reply: FastifyReply;
  deps: FeedbackIngestDeps;
  state: State;
}

const METHODS = 'GET, HEAD, POST, OPTIONS';

async function receive(received: Received): Promise<void> {
  const { request, deps, state } = received;
  if (request.method === 'OPTIONS') {
    const headers = { ...buildPreflightHeaders(request.headers), Allow: METHODS };
    return send(received, { status: 204, headers, body: '' });
  }
  if (request.method === 'HEAD') return send(received, { status: 200, headers: { Allow: METHODS }, body: '' });
  if (state.underWay >= UNDER_WAY_MAX) return refuse(received, unavailable('Too much feedback is being handled.'));
  state.underWay += 1;
  const share = deps.bodies.open();
  try {
    await take(received, share);
  } catch (error) {
    if (!deps.isUnavailable(error)) deps.feedback.report({ leadId: '', where: 'feedback', error });
    if (!received.reply.raw.headersSent) await refuse(received, unavailable('The feedback could not be taken.'));
  } finally {
    share.release();
    state.underWay -= 1;
  }
}

async function take(received: Received, share: BodyShare): Promise<void> {
  const { request, deps } = received;
  const { clock, startTimer } = deps.feedback;
  const read = await readSubmission(request.raw, { share, startTimer, timestamp: clock.now() });
  if (!read.ok) return refuse(received, read.error);
  const values = module.request(read.value);
  if (!values.ok) return send(received, values.error);
  const eventId = readEventId(read.value);
  if (eventId === undefined) return refuse(received, NO_EVENT_ID);
  const address = readSenderAddress(request);
  const waitMs = deps.misses.waitMs(address);
  if (waitMs > 0) return refuse(received, tooMany(waitMs));
  if (deps.isStoreAway()) return refuse(received, unavailable('The database cannot be reached right now.'));
  const taken = await takeByEvent(deps, { eventId, sent: read.value, values: values.value });
  if (taken.kind === 'missing') deps.misses.miss(address);
  else deps.misses.hit(address);
  await answer(received, { sent: read.value, taken });
}

/** In the query, wherever the values are. */
function readEventId({ uri }: InboundRequest): string | undefined {
  const eventId = new URL(uri, 'http://localhost').searchParams.get('event_id') ?? '';
  return isId(eventId) ? eventId.toLowerCase() : undefined;
}

async function takeByEvent(
  { feedback }: FeedbackIngestDeps,
  { eventId, sent, values }: { eventId: string; sent: InboundRequest; values: unknown },
): Promise<TakenFeedback> {
  const place = await feedback.feedback.findLeadOfEvent(eventId);
  if (!place) return { kind: 'missing' };
  const given = isPlainObject(values) ? values : {};
  return takeFeedback(feedback, {
    meant: { ...place, isMeant: ({ id }) => id === eventId },
    given: { type: readText(given['type']), reason: readText(given['reason']), request: recordRequest(sent) },
  });
}

function readText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : textOf(Array.isArray(value) ? value[0] : value);
}

/** Headers that say how it was sent, and none that may say who sent it. */
const KEPT_HEADERS = ['Content-Type', 'Content-Length', 'Accept', 'User-Agent'];

function recordRequest({ method, uri, version, headers, body, timestamp }: InboundRequest): RecordedRequest {
  const kept = KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return { method, uri, version, headers: Object.fromEntries(kept), body, timestamp };
}

async function answer(
  received: Received,
  { sent, taken }: { sent: InboundRequest; taken: TakenFeedback },
): Promise<void> {
  switch (taken.kind) {
    case 'missing':
      return refuse(received, UNKNOWN_EVENT);
    case 'full':
      return refuse(received, FULL);
    case 'unavailable':
      return refuse(received, unavailable('This server has not the latest flows.'));
    default: {
      const { outcome, reason, delivery } = taken;
      const vars = { outcome, reason: reason ?? undefined, ...describeLead(delivery) };
      await send(received, module.response(sent, vars));
    }
  }
}

const NO_EVENT_ID = apiError(
  'malformed_id',
  'Name the delivery by its event id in the query: /feedback?event_id= and 24 hexadecimal characters.',
);
const UNKNOWN_EVENT = apiError(
  'not_found',
  'There is no accepted delivery with this event_id; it may be past the retention period.',
);
export const FULL = apiError(
  'too_many_attempts',
  `This lead has ${FEEDBACK_PER_LEAD_MAX} feedbacks, as many as a lead can have.`,
);

function tooMany(waitMs: number): ApiError {
  const seconds = String(Math.ceil(waitMs / 1000));
  const error = apiError(
    'too_many_attempts',
    `Too many event ids were unknown: check event_id and try again in ${seconds} seconds.`,
  );
  return { ...error, headers: { 'Retry-After': seconds } };
}

export function unavailable(sentence: string): ApiError {
  return apiError('unavailable', `${sentence} Please send it again in a few seconds.`);
}

const RETRY_AFTER_SECONDS = '1';

function refuse(received: Received, error: ApiError): Promise<void> {
  const status = ERRORS[error.code];
  const { request, deps } = received;
  deps.log.info({ trace_id: request.id, status, code: error.code }, 'a feedback was refused');
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    ...(status === 503 ? { 'Retry-After': RETRY_AFTER_SECONDS } : {}),
    ...error.headers,
  };
  return send(received, { status, headers, body: errorText(error) });
}

async function send({ request, reply, state }: Received, { status, headers, body }: HttpAnswer): Promise<void> {
  const rest = discardRest(request.raw);
  // An answer that ends the connection while the sender still writes would be lost with it.
  if (state.isDraining) await rest;
  const { 'Content-Length': _, ...others } = headers;
  reply.raw.writeHead(status, {
    ...others,
    ...buildOriginHeaders(ANY_ORIGIN, request.headers.origin),
    ...(state.isDraining ? { Connection: 'close' } : {}),
    ...(status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) }),
  });
  reply.raw.end(body);
}
