import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from '../../access/authenticate-api-key.ts';
import type { Admission } from '../../intake/admission.ts';
import { runSubmission, type SubmissionDeps } from '../../intake/run-submission.ts';
import type { HttpAnswer, InboundRequest } from '../../integrations/contract.ts';
import { isId } from '../../lib/ids.ts';
import { parseTraceparent } from '../../lib/trace-context.ts';
import type { Metrics } from '../../observe/metrics.ts';
import type { LeadRun, Submission } from '../../pipeline/lead-run.ts';
import { PING_ID_HEADER } from '../../pipeline/named-ping.ts';
import type { RunEnd } from '../../pipeline/run-lead.ts';
import { type ApiError, apiError, ERRORS, errorText } from '../errors.ts';
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

/** Seconds a sender is asked to wait before it tries again. */
const RETRY_AFTER_SECONDS = 1;

export interface IngestDeps extends SubmissionDeps {
  authenticate: Authenticate;
  metrics: Pick<Metrics, 'recordLead' | 'recordPing' | 'recordRefusal'>;
  admission: Admission;
  /** The bound on the bodies that are read and handled. */
  bodies: BodyBudget;
  /** Is the database out of reach? Then nothing is admitted. */
  isStoreAway(): boolean;
  /** Is this server's time not to be trusted? A sentence when so; then nothing is admitted either. */
  clockProblem(): string | undefined;
}

/** Registers the submit and ping URLs of every source: all methods, because the source's module answers for them. */
export async function registerSubmit(app: FastifyInstance, deps: IngestDeps): Promise<void> {
  const draining: Draining = { isOn: false };
  app.addHook('preClose', async () => {
    draining.isOn = true;
  });
  for (const kind of ['submit', 'ping'] as const) {
    const isPing = kind === 'ping';
    app.all(`/flows/:flow_id/sources/:source_id/${kind}`, {
      // Before the framework reads the body: what it means, and how much of it is read, is decided here.
      onRequest: async (request, reply) => {
        reply.hijack();
        const policy = originPolicy(request, deps);
        await receive({ request, reply, deps, draining, policy, isPing });
      },
      handler: async () => undefined,
    });
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
  policy: OriginPolicy;
  isPing: boolean;
}

/** The origins of the source that the URL names; a URL that names none has no list. */
function originPolicy(request: FastifyRequest, { phases }: IngestDeps): OriginPolicy {
  const { flowId, sourceRef } = routeParams(request);
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
    if (!received.reply.raw.headersSent)
      await refuse(received, unavailable('The lead could not be accepted right now.'));
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
    await sendEnd(received, await takeLead(received, read.value));
  } finally {
    leave();
  }
}

/** A lead that went through the phases. */
interface Taken {
  run: LeadRun;
  end: RunEnd;
}

async function takeLead({ request, deps, isPing }: SubmitRequest, sent: InboundRequest): Promise<Taken> {
  const { flowId, sourceRef } = routeParams(request);
  const submission: Submission = {
    flowId,
    sourceRef,
    request: sent,
    ip: readSenderAddress(request),
    authorization: request.headers.authorization,
    trace: { traceId: request.id, parentId: parseTraceparent(request.headers.traceparent)?.parentId ?? null },
    arrivedAt: deps.phases.clock.monotonic(),
  };
  if (isPing) asPing(submission);
  return runSubmission(submission, deps);
}

/** Modules tell a ping by the end of the path, which the router takes in more spellings. */
function asPing(submission: Submission): void {
  const { flowId, sourceRef, request } = submission;
  const query = request.uri.indexOf('?');
  const uri = `/flows/${flowId}/sources/${sourceRef}/ping${query === -1 ? '' : request.uri.slice(query)}`;
  submission.isPing = true;
  submission.request = { ...request, uri };
}

function routeParams(request: FastifyRequest): { flowId: string; sourceRef: string } {
  // Both are in the route's path; the router gives texts.
  const { flow_id: flowId, source_id: sourceRef } = request.params as { flow_id: string; source_id: string };
  return { flowId, sourceRef };
}

async function sendEnd(received: SubmitRequest, { run, end }: Taken): Promise<void> {
  if (end.kind === 'unavailable') return refuse(received, unavailable('The lead could not be accepted right now.'));
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
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    ...(status === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
  };
  return send(received, { status, headers, body: errorText(error) });
}

/** The flow and the source of the URL, where they have the form of ids: whatever else stands there may be a value. */
function namedInUrl({ request }: SubmitRequest): Record<string, string> {
  const { flowId, sourceRef } = routeParams(request);
  return { ...(isId(flowId) && { flow_id: flowId }), ...(isId(sourceRef) && { source_id: sourceRef }) };
}

function unavailable(sentence: string): ApiError {
  return apiError('unavailable', `${sentence} Please send it again in a few seconds.`);
}
