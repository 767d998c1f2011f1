import type { DeliveryResult, OutboundRequest } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import { isId } from '../lib/ids.ts';
import {
  findInnerRefusal,
  type InnerFlows,
  type InnerRun,
  type InnerTarget,
  type OuterLead,
} from '../pipeline/inner-flows.ts';
import type { Submission } from '../pipeline/lead-run.ts';
import type { FlowLookup, PhaseDeps } from '../pipeline/phase.ts';
import { runSubmission, type SubmissionDeps } from './run-submission.ts';

export interface InnerFlowsDeps {
  /** The origin of submit URLs, without a slash at the end; null: none is configured. */
  publicOrigin: string | null;
  findFlow(flowId: string): FlowLookup;
  /** What a submission runs with, once the server is built. */
  intake(): SubmissionDeps;
  /** Is the database out of reach? */
  isStoreAway(): boolean;
  clock: Clock;
  startTimer: PhaseDeps['startTimer'];
}

/** The beginning of the URLs that lead into this installation, whatever its public origin is. */
export const OWN_SCHEME = 'sluice:/';

/** As a sender may post. */
const BODY_CHARACTERS_MAX = 1_048_576;

const SUBMIT_PATH = /^\/flows\/([^/?#]+)\/sources\/([^/?#]+)\/submit(?:$|\?)/;

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
      const place = uri === null ? null : readPlace(uri);
      if (uri === null || place === null) return null;
      const found = isId(place.flowId) ? deps.findFlow(place.flowId.toLowerCase()) : null;
      return { uri, accountId: found?.kind === 'found' ? found.flow.account.id : null };
    },
    submit: async (request, made) => {
      const sentAt = deps.clock.now();
      const refusal = findRefusal(request, made, deps);
      if (refusal !== null) return buildUnsent(refusal, { sentAt, receivedAt: deps.clock.now() });
      return runWithin(buildSubmission(request, made, deps), { url: request.url, inner: made.inner, sentAt, deps });
    },
  };
}

/** Path and query of a URL of this installation; null: it is none. */
function readOwnUri(url: string, publicOrigin: string | null): string | null {
  if (url.startsWith(OWN_SCHEME)) return url.slice(OWN_SCHEME.length);
  if (publicOrigin === null || url[publicOrigin.length] !== '/') return null;
  if (url.slice(0, publicOrigin.length).toLowerCase() !== publicOrigin) return null;
  return url.slice(publicOrigin.length);
}

function readPlace(uri: string): { flowId: string; sourceRef: string } | null {
  const [, flowId, sourceRef] = SUBMIT_PATH.exec(uri) ?? [];
  return flowId === undefined || sourceRef === undefined ? null : { flowId, sourceRef };
}

/** Why nothing is submitted; null: it is. */
function findRefusal(
  { body = '' }: OutboundRequest,
  { target, outer }: { target: InnerTarget; outer: OuterLead },
  { isStoreAway }: InnerFlowsDeps,
): string | null {
  if (isStoreAway()) return 'Not sent: the database cannot be reached';
  if (body.length > BODY_CHARACTERS_MAX) return `Not sent: the body is longer than ${BODY_CHARACTERS_MAX} characters`;
  const place = readPlace(target.uri);
  return place === null ? null : findInnerRefusal(place.flowId.toLowerCase(), outer);
}

function buildSubmission(
  request: OutboundRequest,
  { target, outer, inner, ip, trace }: Parameters<InnerFlows['submit']>[1],
  { clock }: InnerFlowsDeps,
): Submission {
  const { flowId = '', sourceRef = '' } = readPlace(target.uri) ?? {};
  const headers = titledHeaders(request.headers);
  return {
    flowId,
    sourceRef,
    request: {
      method: request.method,
      uri: target.uri,
      version: '1.1',
      headers,
      body: request.body ?? '',
      timestamp: clock.now(),
    },
    ip,
    authorization: headers['Authorization'],
    arrivedAt: clock.monotonic(),
    ...(trace && { trace }),
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
    const { status, headers, body } = end.answer;
    const response = { status, version: '1.1', headers, body };
    const result: DeliveryResult = { kind: 'answered', response, truncated: false, url, ...times };
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

function buildUnsent(reason: string, times: { sentAt: number; receivedAt: number }): Submitted {
  return { result: { kind: 'unsent', reason, blame: 'us', ...times }, innerLead: null };
}
