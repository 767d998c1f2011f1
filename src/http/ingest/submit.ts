import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from '../../access/authenticate-api-key.ts';
import type { RouterLookup } from '../../flows/live-routers.ts';
import type { Admission } from '../../intake/admission.ts';
import { runSubmission, type SubmissionDeps } from '../../intake/run-submission.ts';
import type { HttpAnswer, InboundRequest } from '../../integrations/contract.ts';
import { isId } from '../../lib/ids.ts';
import { parseTraceparent } from '../../lib/trace-context.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { chooseRoute } from '../../pipeline/choose-route.ts';
import type { LeadRun, Submission } from '../../pipeline/lead-run.ts';
import { PING_ID_HEADER } from '../../pipeline/named-ping.ts';
import type { RunEnd } from '../../pipeline/run-lead.ts';
import { type ApiError, apiError, ERRORS } from '../errors.ts';
import { readSenderAddress } from '../sender-address.ts';
import type { BodyBudget, BodyShare } from './body-budget.ts';
import {
  ANY_ORIGIN,
  buildOriginHeaders,
  buildPreflightHeaders,
  isOriginRefused,
  type OriginPolicy,
} from './cross-origin.ts';
import { discardRest } from './read-bytes.ts';
import { readSubmission } from './read-submission.ts';
import { asRecords, wantsRecords } from './recorded-answer.ts';
import { NOT_ACCEPTED_NOW, unavailable, writeRefusal } from './refusal-answers.ts';

export interface IngestDeps extends SubmissionDeps {
  authenticate: Authenticate;
  metrics: Pick<Metrics, 'recordLead' | 'recordPing' | 'recordRefusal'>;
  admission: Admission;
  findRouter(routerId: string): RouterLookup;
  /** The bound on the bodies that are read and handled. */
  bodies: BodyBudget;
  /** Is the database out of reach? Then nothing is admitted. */
  isStoreAway(): boolean;
  /** Is this server's time not to be trusted? A sentence when so; then nothing is admitted either. */
  clockProblem(): string | undefined;
}

/** Registers the submit and ping URLs of every source and router: all methods, because a module answers for them. */
export async function registerSubmit(app: FastifyInstance, deps: IngestDeps): Promise<void> {
  const draining: Draining = { isOn: false };
  app.addHook('preClose', async () => {
    draining.isOn = true;
  });
  for (const kind of ['submit', 'ping'] as const) {
    const isPing = kind === 'ping';
    for (const path of [`/flows/:flow_id/sources/:source_id/${kind}`, `/routers/:router_id/${kind}`]) {
      app.all(path, {
        // Before the framework reads the body: what it means, and how much of it is read, is decided here.
        onRequest: async (request, reply) => {
          reply.hijack();
          const policy = originPolicy(readPlace(request), deps);
          await receive({ request, reply, deps, draining, policy, isPing });
        },
        handler: async () => undefined,
      });
    }
  }
}

/** Once the server drains, each answer ends its connection: an idle one would keep the process for as long as it lives. */
interface Draining {
  isOn: boolean;
}

interface SubmitRequest {
  request: FastifyRequest;
  reply: FastifyReply;
  deps: IngestDeps;
  draining: Draining;
  /** Of a router that of the source which it chooses; until then every page is let in. */
  policy: OriginPolicy;
  isPing: boolean;
}

/** Where a submission goes. */
interface Place {
  flowId: string;
  sourceRef: string;
  /** The router that chose it; absent: the URL did. */
  router?: { id: string; routeId: string };
}

/** The origins of the source that the URL names; a URL that names none has no list. */
function originPolicy({ flowId, sourceRef }: Place, { phases }: IngestDeps): OriginPolicy {
  if (!isId(flowId)) return ANY_ORIGIN;
  const found = phases.findFlow(flowId.toLowerCase());
  if (found.kind !== 'found') return ANY_ORIGIN;
  return found.flow.sources.get(isId(sourceRef) ? sourceRef.toLowerCase() : sourceRef) ?? ANY_ORIGIN;
}

async function receive(received: SubmitRequest): Promise<void> {
  const { request, policy, deps } = received;
  const isRefused = isOriginRefused(policy, request.headers.origin);
  if (request.method === 'OPTIONS') {
    if (isRefused) return refuse(received, ORIGIN_NOT_ALLOWED);
    return send(received, {
      status: 204,
      headers: { ...buildPreflightHeaders(request.headers), Allow: METHODS },
      body: '',
    });
  }
  // Monitors ask whether the URL is there: no lead, and no work.
  if (request.method === 'HEAD') return send(received, { status: 200, headers: { Allow: METHODS }, body: '' });
  if (isRefused) return refuse(received, ORIGIN_NOT_ALLOWED);
  const share = deps.bodies.open();
  try {
    await submit(received, share);
  } catch (error) {
    // The request was taken out of the framework's hands: unless it is answered here, its sender waits for ever.
    deps.phases.report({ leadId: '', where: 'submit', error });
    if (!received.reply.raw.headersSent) await refuse(received, NOT_ACCEPTED_NOW);
  } finally {
    share.release();
  }
}

const METHODS = 'GET, HEAD, POST, OPTIONS';

const ORIGIN_NOT_ALLOWED = apiError(
  'origin_not_allowed',
  'This source does not accept leads from pages of this origin.',
);

async function submit(received: SubmitRequest, share: BodyShare): Promise<void> {
  const { request, deps } = received;
  const { clock, startTimer } = deps.phases;
  const read = await readSubmission(request.raw, { share, startTimer, timestamp: clock.now() });
  if (!read.ok) return refuse(received, read.error);
  const leave = deps.admission.enter();
  if (!leave) return refuse(received, unavailable('Too many leads are being handled right now.'));
  try {
    if (deps.isStoreAway()) return await refuse(received, unavailable('The database cannot be reached right now.'));
    if (deps.clockProblem())
      return await refuse(received, unavailable('The clock of this server is wrong; GET /status has details.'));
    const place = await findPlace(received, read.value);
    if (place === null) return;
    await sendEnd(received, await takeLead(received, { place, sent: read.value }));
  } finally {
    leave();
  }
}

/** A lead that went through the phases. */
interface Taken {
  run: LeadRun;
  end: RunEnd;
}

/** Of a router the place that it chooses; null: it chooses none, and the sender has its answer. */
async function findPlace(received: SubmitRequest, sent: InboundRequest): Promise<Place | null> {
  const { request, deps } = received;
  const { router_id: routerId } = request.params as Record<string, string>; // the framework fills what the path names
  if (routerId === undefined) return readPlace(request);
  if (!isId(routerId)) return refused(received, MALFORMED_ROUTER_ID);
  const found = deps.findRouter(routerId.toLowerCase());
  if (found.kind === 'stale') return refused(received, unavailable('The configuration could not be confirmed.'));
  if (found.kind === 'missing') return refused(received, NO_ROUTER);
  const asked = { request: sent, ip: readSenderAddress(request), random: deps.phases.random };
  const choice = await chooseRoute(found.router, asked);
  if (choice.kind === 'route') {
    const { route } = choice;
    const { flowId, sourceRef } = route;
    const place: Place = { flowId, sourceRef, router: { id: found.router.id, routeId: route.id } };
    received.policy = originPolicy(place, deps);
    return isOriginRefused(received.policy, request.headers.origin) ? refused(received, ORIGIN_NOT_ALLOWED) : place;
  }
  if (choice.kind === 'none') {
    deps.metrics.recordRefusal('no_route');
    deps.log.info({ router_id: found.router.id, trace_id: request.id }, 'a router chose no route');
  }
  await send(received, choice.answer);
  return null;
}

async function refused(received: SubmitRequest, error: ApiError): Promise<null> {
  await refuse(received, error);
  return null;
}

const MALFORMED_ROUTER_ID = apiError('malformed_id', 'The router id in the URL must be 24 hexadecimal characters.');
const NO_ROUTER = apiError('not_found', 'There is no such router.');

async function takeLead(
  { request, deps, isPing }: SubmitRequest,
  { place, sent }: { place: Place; sent: InboundRequest },
): Promise<Taken> {
  const { flowId, sourceRef, router } = place;
  const submission: Submission = {
    flowId,
    sourceRef,
    request: sent,
    ip: readSenderAddress(request),
    authorization: request.headers.authorization,
    trace: { traceId: request.id, parentId: parseTraceparent(request.headers.traceparent)?.parentId ?? null },
    arrivedAt: deps.phases.clock.monotonic(),
  };
  if (router) submission.router = router;
  if (isPing) submission.isPing = true;
  if (isPing || router) submission.request = { ...sent, uri: writeUri(submission) };
  return runSubmission(submission, deps);
}

/** Modules tell a ping by the end of the path, which the framework takes in more spellings. */
function writeUri({ flowId, sourceRef, request, isPing }: Submission): string {
  const query = request.uri.indexOf('?');
  const kind = isPing ? 'ping' : 'submit';
  return `/flows/${flowId}/sources/${sourceRef}/${kind}${query === -1 ? '' : request.uri.slice(query)}`;
}

/** Of a router both are empty. */
function readPlace(request: FastifyRequest): Place {
  const { flow_id: flowId = '', source_id: sourceRef = '' } = request.params as Record<string, string>; // as the path names them
  return { flowId, sourceRef };
}

async function sendEnd(received: SubmitRequest, { run, end }: Taken): Promise<void> {
  if (end.kind === 'unavailable') return refuse(received, NOT_ACCEPTED_NOW);
  const { answer } = end;
  await send(received, (await areRecordsDue(received)) ? asRecords(received.request, { run, answer }) : answer);
}

/** The other form of the answer is only for callers with a key; the lead is on disk, so it is answered in any case. */
async function areRecordsDue({ request, deps, isPing }: SubmitRequest): Promise<boolean> {
  if (isPing || !wantsRecords(request.headers)) return false;
  try {
    return (await deps.authenticate(request.headers.authorization)) !== null;
  } catch (error) {
    deps.phases.report({ leadId: '', where: 'submit', error });
    return false;
  }
}

/** Straight to the socket: the answer is complete, and the framework's way costs a third of the phases. */
async function send(
  { request, reply, draining, policy, isPing }: SubmitRequest,
  { status, headers, body }: HttpAnswer,
): Promise<void> {
  const rest = discardRest(request.raw);
  // An answer that ends the connection while the sender still writes would be lost with it.
  if (draining.isOn) await rest;
  const sent: Record<string, string | number> = {};
  // The length is measured here. Header by header, because copies of objects of many shapes are dear.
  for (const [name, value] of Object.entries(headers)) if (name !== 'Content-Length') sent[name] = value;
  Object.assign(sent, buildOriginHeaders(policy, request.headers.origin));
  // Pages of other origins see no header that is not named.
  if (isPing && request.headers.origin !== undefined) sent['Access-Control-Expose-Headers'] = PING_ID_HEADER;
  if (draining.isOn) sent['Connection'] = 'close';
  if (status !== 204) sent['Content-Length'] = Buffer.byteLength(body);
  reply.raw.writeHead(status, sent);
  reply.raw.end(body);
}

function refuse(received: SubmitRequest, error: ApiError): Promise<void> {
  const status = ERRORS[error.code];
  received.deps.metrics.recordRefusal(error.code);
  const fields = { ...namedInUrl(received), trace_id: received.request.id, status, code: error.code };
  received.deps.log.info(fields, 'a submission was refused');
  return send(received, writeRefusal(error));
}

/** The flow and the source of the URL, where they have the form of ids: whatever else stands there may be a value. */
function namedInUrl({ request }: SubmitRequest): Record<string, string> {
  const { flow_id, source_id, router_id } = request.params as Record<string, string>; // as the path names them
  const named = Object.entries({ flow_id, source_id, router_id });
  return Object.fromEntries(
    named.flatMap(([name, value]) => (value !== undefined && isId(value) ? [[name, value]] : [])),
  );
}
