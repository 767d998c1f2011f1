import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpAnswer } from '../../integrations/contract.ts';
import type { Submission } from '../../pipeline/lead-run.ts';
import type { RunEnd } from '../../pipeline/run-lead.ts';
import type { Admission } from './admission.ts';
import { inboundRequestOf } from './inbound-request.ts';
import { asRecords, wantsRecords } from './recorded-answer.ts';
import { runSubmission, type SubmissionDeps } from './run-submission.ts';

/** Bytes a sender may post; one more is 413. */
export const SUBMIT_BODY_BYTES_MAX = 1_048_576;
/** Seconds a sender is asked to wait before it tries again. */
const RETRY_AFTER_SECONDS = 1;

export interface IngestDeps extends SubmissionDeps {
  admission: Admission;
  /** Is the database out of reach? Then nothing is admitted. */
  isStoreAway(): boolean;
  /** Is this server's time not to be trusted? A sentence when so; then nothing is admitted either. */
  clockProblem(): string | undefined;
  /** Tests only: how long an answer waits after its commit, ms. */
  holdAnswersMs: number;
}

/** Registers the submit URL of every source: all methods, because the source's module answers for them. */
export async function registerSubmit(app: FastifyInstance, deps: IngestDeps): Promise<void> {
  const door: Door = { isClosing: false };
  app.addHook('preClose', async () => {
    door.isClosing = true;
  });
  await app.register(async (scope) => {
    // The module decides what a body means, by its own rules; the edge only reads it.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: SUBMIT_BODY_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    );
    scope.setErrorHandler((error, request, reply) =>
      codeOf(error) === UNREADABLE_TYPE ? submit({ request, reply, deps, door }) : refuseBody(error, reply),
    );
    scope.all('/flows/:flow_id/sources/:source_id/submit', (request, reply) => submit({ request, reply, deps, door }));
  });
}

/** Once the server drains, each answer ends its connection: an idle one would keep the process for as long as it lives. */
interface Door {
  isClosing: boolean;
}

interface Visit {
  request: FastifyRequest;
  reply: FastifyReply;
  deps: IngestDeps;
  door: Door;
}

async function submit(at: Visit): Promise<void> {
  const { reply, deps } = at;
  reply.hijack();
  const leave = deps.admission.enter();
  if (!leave) return sendUnavailable(at, 'Too many leads are being handled right now.');
  try {
    if (deps.isStoreAway()) return sendUnavailable(at, 'The database cannot be reached right now.');
    if (deps.clockProblem()) return sendUnavailable(at, 'The clock of this server is wrong; its status says more.');
    await sendEnd(at, await takeLead(at));
  } catch (error) {
    // The request was taken out of the framework's hands: unless it is answered here, its sender waits for ever.
    deps.phases.report({ leadId: '', where: 'submit', error });
    if (!reply.raw.headersSent) sendUnavailable(at, 'The lead could not be taken right now.');
  } finally {
    leave();
  }
}

async function takeLead({ request, deps }: Visit): Promise<RunEnd> {
  const { end } = await runSubmission(submissionOf(request, deps), deps);
  if (deps.holdAnswersMs > 0) await new Promise<void>((resolve) => deps.phases.startTimer(deps.holdAnswersMs, resolve));
  return end;
}

function submissionOf(request: FastifyRequest, deps: IngestDeps): Submission {
  // Both are in the route's path; the router gives texts.
  const { flow_id: flowId, source_id: sourceRef } = request.params as { flow_id: string; source_id: string };
  return {
    flowId,
    sourceRef,
    request: inboundRequestOf(request.raw, { body: request.body, timestamp: deps.phases.clock.now() }),
    ip: request.ip,
    authorization: request.headers.authorization,
    arrivedAt: deps.phases.clock.monotonic(),
  };
}

async function sendEnd(at: Visit, end: RunEnd): Promise<void> {
  const { request, deps } = at;
  if (end.kind === 'unavailable') return sendUnavailable(at, 'The lead could not be taken right now.');
  const { clock } = deps.phases;
  send(at, (await areRecordsDue(at)) ? asRecords(request, { answer: end.answer, clock }) : end.answer);
}

/** The other form of the answer is only for callers with a key; the lead is on disk, so it is answered in any case. */
async function areRecordsDue({ request, deps }: Visit): Promise<boolean> {
  if (!wantsRecords(request.headers)) return false;
  try {
    return (await deps.phases.authenticate(request.headers.authorization)) !== null;
  } catch (error) {
    deps.phases.report({ leadId: '', where: 'submit', error });
    return false;
  }
}

/** Straight to the socket: the answer is complete, and the framework's way costs a third of the phases. */
function send({ reply, door }: Visit, { status, headers, body }: HttpAnswer): void {
  const { 'Content-Length': _measured, ...own } = headers;
  reply.raw.writeHead(status, {
    ...own,
    ...(door.isClosing ? { Connection: 'close' } : {}),
    'Content-Length': Buffer.byteLength(body),
  });
  reply.raw.end(body);
}

function sendUnavailable(at: Visit, sentence: string): void {
  const body = JSON.stringify({ error: `${sentence} Please send it again in a few seconds.`, code: 'unavailable' });
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Retry-After': String(RETRY_AFTER_SECONDS) };
  send(at, { status: 503, headers, body });
}

/** The framework reads no body whose Content-Type is no media type; the module has its own answer for that. */
const UNREADABLE_TYPE = 'FST_ERR_CTP_INVALID_MEDIA_TYPE';

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** Faults of reading a body, before any phase: too long, cut off, a length that does not match. */
function refuseBody(error: unknown, reply: FastifyReply): void {
  const status = statusOf(error);
  const message =
    status === 413 ? `The body is longer than ${SUBMIT_BODY_BYTES_MAX} bytes.` : 'The request body could not be read.';
  void reply
    .code(status)
    .header('Content-Type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ error: message, code: status === 413 ? 'body_too_large' : 'malformed_body' }));
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return status === 413 ? 413 : 400;
}
