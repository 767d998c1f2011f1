import type { CompiledRouter } from '../flow-compiler/compile-router.ts';
import type { DeliveryResult, HttpAnswer, InboundRequest, OutboundRequest } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import { isId, type Random } from '../lib/ids.ts';
import { chooseRoute } from '../pipeline/choose-route.ts';
import {
  findInnerRefusal,
  type InnerFlows,
  type InnerRun,
  readInnerPlace,
  readOwnUri,
  readRouterId,
} from '../pipeline/inner-flows.ts';
import type { Submission } from '../pipeline/lead-run.ts';
import type { FlowLookup, PhaseDeps } from '../pipeline/phase.ts';
import { runSubmission, type SubmissionDeps } from './run-submission.ts';

export interface InnerFlowsDeps {
  /** The origin of submit URLs, without a slash at the end; null: none is configured. */
  publicOrigin: string | null;
  findFlow(flowId: string): FlowLookup;
  findRouter(routerId: string): { kind: 'found'; router: CompiledRouter } | { kind: 'missing' } | { kind: 'stale' };
  random: Random;
  /** What a submission runs with, once the server is built. */
  intake(): SubmissionDeps;
  /** Is the database out of reach? */
  isStoreAway(): boolean;
  clock: Clock;
  startTimer: PhaseDeps['startTimer'];
}

/** As a sender may post. */
const BODY_CHARACTERS_MAX = 1_048_576;

type Submitted = Awaited<ReturnType<InnerFlows['submit']>>;

/**
 * Runs the flow that a step delivers to in this process, as if its request had come over HTTP: the same phases, with an
 * id, events and a commit of its own (decision page 0089). An inner lead takes no place in the admission: it runs in that
 * of the outer lead, which waits for it, so that no number of places is too small.
 */
export function createInnerFlows(deps: InnerFlowsDeps): InnerFlows {
  return {
    findTarget: (url) => {
      const uri = readOwnUri(url, deps.publicOrigin);
      if (uri === null) return null;
      const place = readInnerPlace(uri);
      if (place !== null) return { uri, accountId: findAccount(place.flowId, deps) };
      const routerId = readRouterId(uri);
      if (routerId === null) return null;
      const found = isId(routerId) ? deps.findRouter(routerId.toLowerCase()) : null;
      return { uri, accountId: found?.kind === 'found' ? found.router.account.id : null };
    },
    submit: async (request, made) => {
      const sentAt = deps.clock.now();
      const unsent = (reason: string) => buildUnsent(reason, { sentAt, receivedAt: deps.clock.now() });
      const { body = '' } = request;
      if (deps.isStoreAway()) return unsent('Not sent: the database cannot be reached');
      if (body.length > BODY_CHARACTERS_MAX)
        return unsent(`Not sent: the body is longer than ${BODY_CHARACTERS_MAX} characters`);
      const sent = buildInboundRequest(request, { uri: made.target.uri, timestamp: sentAt });
      const chosen = await choosePlace(sent, { ip: made.ip, deps });
      if (chosen.kind === 'unsent') return unsent(chosen.reason);
      if (chosen.kind === 'answered') {
        const times = { sentAt, receivedAt: deps.clock.now() };
        return { result: buildAnswered(chosen.answer, { url: request.url, times }), innerLead: null };
      }
      const refusal = findInnerRefusal(chosen.place.flowId.toLowerCase(), made.outer);
      if (refusal !== null) return unsent(refusal);
      const submission = buildSubmission(sent, { ...made, place: chosen.place, deps });
      return runWithin(submission, { url: request.url, inner: made.inner, sentAt, deps });
    },
  };
}

interface Place {
  flowId: string;
  sourceRef: string;
  router?: { id: string; routeId: string };
}

function findAccount(flowId: string, { findFlow }: InnerFlowsDeps): string | null {
  const found = isId(flowId) ? findFlow(flowId.toLowerCase()) : null;
  return found?.kind === 'found' ? found.flow.account.id : null;
}

type ChosenPlace =
  | { kind: 'place'; place: Place }
  | { kind: 'answered'; answer: HttpAnswer }
  | { kind: 'unsent'; reason: string };

/** Of a router the place that its rules choose, as over HTTP. */
async function choosePlace(
  sent: InboundRequest,
  { ip, deps }: { ip: string; deps: InnerFlowsDeps },
): Promise<ChosenPlace> {
  const place = readInnerPlace(sent.uri);
  if (place !== null) return { kind: 'place', place };
  const routerId = readRouterId(sent.uri) ?? '';
  const found = isId(routerId) ? deps.findRouter(routerId.toLowerCase()) : { kind: 'missing' as const };
  if (found.kind === 'stale') return { kind: 'unsent', reason: 'Not sent: the configuration could not be confirmed' };
  if (found.kind === 'missing') return { kind: 'unsent', reason: 'Not sent: there is no such router' };
  const choice = await chooseRoute(found.router, { request: sent, ip, random: deps.random });
  if (choice.kind !== 'route') return { kind: 'answered', answer: choice.answer };
  const { id: routeId, flowId, sourceRef } = choice.route;
  return { kind: 'place', place: { flowId, sourceRef, router: { id: found.router.id, routeId } } };
}

function buildInboundRequest(
  request: OutboundRequest,
  { uri, timestamp }: { uri: string; timestamp: number },
): InboundRequest {
  const { method, body = '' } = request;
  return { method, uri, version: '1.1', headers: titledHeaders(request.headers), body, timestamp };
}

function buildSubmission(
  sent: InboundRequest,
  made: Parameters<InnerFlows['submit']>[1] & { place: Place; deps: InnerFlowsDeps },
): Submission {
  const { place, outer, inner, ip, trace, deps } = made;
  const { flowId, sourceRef, router } = place;
  const queryAt = sent.uri.indexOf('?');
  const query = queryAt === -1 ? '' : sent.uri.slice(queryAt);
  return {
    flowId,
    sourceRef,
    request: { ...sent, uri: `/flows/${flowId}/sources/${sourceRef}/submit${query}` },
    ip,
    authorization: sent.headers['Authorization'],
    arrivedAt: deps.clock.monotonic(),
    ...(trace && { trace }),
    ...(router && { router }),
    outer,
    inner,
  };
}

/** Modules of sources read names as HTTP servers of Node give them to modules. */
function titledHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
      value,
    ]),
  );
}

interface Running {
  url: string;
  inner: InnerRun;
  sentAt: number;
  deps: InnerFlowsDeps;
}

/** The inner run keeps the time limit itself; one that does not is left to end alone, and is looked for later. */
function runWithin(submission: Submission, running: Running): Promise<Submitted> {
  const { inner, sentAt, deps } = running;
  return new Promise((resolve) => {
    const giveUp = (reason: string) => {
      const result: DeliveryResult = { kind: 'unknown', reason, blame: 'time', sentAt, receivedAt: deps.clock.now() };
      resolve({ result, innerLead: nameInnerLead(submission, inner) });
    };
    const callOff = deps.startTimer(inner.timeoutMs, () =>
      giveUp(`the other flow did not answer within ${inner.timeoutMs / 1000} seconds`),
    );
    runSubmission(submission, deps.intake()).then(
      (ran) => {
        callOff();
        resolve(judgeEnd(ran, running));
      },
      () => {
        callOff();
        giveUp('the other flow failed');
      },
    );
  });
}

function judgeEnd({ run, end }: Awaited<ReturnType<typeof runSubmission>>, running: Running): Submitted {
  const { url, sentAt, deps, inner } = running;
  const times = { sentAt, receivedAt: deps.clock.now() };
  const innerLead = nameInnerLead(run.submission, inner);
  if (end.kind === 'answered') {
    const result = buildAnswered(end.answer, { url, times });
    // What was refused before there was a lead left none.
    return {
      result,
      innerLead: run.answer && run.route ? { ...innerLead, source_id: run.route.source.entityId } : null,
    };
  }
  // Its end is still to be committed, or a recovery ends it.
  if (run.hasSent || run.answer)
    return { result: { kind: 'unknown', reason: 'the other flow has not ended', ...times }, innerLead };
  return buildUnsent('Not sent: the other flow cannot take leads right now', times);
}

function nameInnerLead({ flowId, sourceRef }: Submission, { leadId }: InnerRun) {
  return { lead_id: leadId, flow_id: flowId.toLowerCase(), source_id: sourceRef.toLowerCase() };
}

function buildAnswered(
  { status, headers, body }: HttpAnswer,
  { url, times }: { url: string; times: { sentAt: number; receivedAt: number } },
): DeliveryResult {
  return { kind: 'answered', response: { status, version: '1.1', headers, body }, truncated: false, url, ...times };
}

function buildUnsent(reason: string, times: { sentAt: number; receivedAt: number }): Submitted {
  return { result: { kind: 'unsent', reason, blame: 'us', ...times }, innerLead: null };
}
