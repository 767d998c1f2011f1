import type { CompiledFlow, CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import type { Deliver, OutboundModule, OutboundResponse } from '../integrations/contract.ts';
import { ACCEPTED, type RecipientAnswer } from './recipient-answer.ts';

export interface StubbedRecipients {
  /** The flow with modules that get the given answers. */
  flow: CompiledFlow;
  deliver: Deliver;
}

/**
 * Replaces the recipients of a flow by given answers, found by the step's id or key; nothing is sent. The rest of a
 * module runs: it validates, builds its request and reads an HTTP answer.
 */
export function stubRecipients(
  flow: CompiledFlow,
  given: { answers: ReadonlyMap<string, RecipientAnswer>; now: number },
): StubbedRecipients {
  const { answers, now } = given;
  /** The answer to the request built last: `deliver` cannot see whose request it gets, and only one lead runs. */
  let next: RecipientAnswer = ACCEPTED;
  const stubbed = (step: CompiledRecipient): CompiledRecipient => {
    const answer = answers.get(step.id) ?? answers.get(step.key) ?? ACCEPTED;
    const onRequest = () => {
      next = answer;
    };
    const { module, candidacy } = step;
    return {
      ...step,
      module: module && stubModule(module, { answer, onRequest }),
      candidacy: candidacy && { ...candidacy, bid: candidacy.bid && stubBid(candidacy.bid, answers) },
    };
  };
  return {
    flow: {
      ...flow,
      steps: flow.steps.map((step) => (step.kind === 'recipient' ? stubbed(step) : step)),
      destinations: flow.destinations.map(stubbed),
    },
    deliver: async (request) => ({
      kind: 'answered',
      response: buildResponse(next),
      truncated: false,
      url: request.url,
      sentAt: now,
      receivedAt: now,
    }),
  };
}

/** Its answer is found as `<id>.bid` or `<key>.bid`; without one it does not bid. */
function stubBid(bid: CompiledRecipient, answers: ReadonlyMap<string, RecipientAnswer>): CompiledRecipient {
  const answer = answers.get(bid.id) ?? answers.get(`${bid.key}.bid`) ?? NOT_ASKED;
  const { module } = bid;
  if (module?.style !== 'request/response') {
    return { ...bid, module: module && stubModule(module, { answer, onRequest: () => undefined }) };
  }
  // Bids are asked for at once, so each reads its own answer and not the one that was built last.
  const response: typeof module.response = (vars, request, _, reading) =>
    answer.kind === 'outcome' ? { ...answer.appended } : module.response(vars, request, buildResponse(answer), reading);
  return { ...bid, module: { ...module, response } };
}

const NOT_ASKED: RecipientAnswer = {
  kind: 'outcome',
  appended: { outcome: 'failure', reason: 'is not asked in a simulation' },
};

function stubModule(
  module: OutboundModule,
  { answer, onRequest }: { answer: RecipientAnswer; onRequest: () => void },
): OutboundModule {
  if (module.style === 'handle')
    return { ...module, handle: async () => ({ kind: 'answered', appended: appendedBy(answer) }) };
  return {
    ...module,
    request: async (vars) => {
      onRequest();
      return module.request(vars);
    },
    ...(answer.kind === 'outcome' ? { response: () => ({ ...answer.appended }) } : {}),
  };
}

/** A `handle` module connects to the recipient by itself, so it does not run; an HTTP answer for it means success. */
function appendedBy(answer: RecipientAnswer): Record<string, unknown> {
  return answer.kind === 'outcome' ? { ...answer.appended } : { outcome: 'success' };
}

function buildResponse(answer: RecipientAnswer): OutboundResponse {
  if (answer.kind === 'outcome') {
    const body = JSON.stringify(answer.appended);
    return { status: 200, version: '1.1', headers: { 'Content-Type': 'application/json' }, body };
  }
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, name === SEVERAL ? [value] : value]);
  return { status: answer.status, version: '1.1', headers: Object.fromEntries(headers), body: answer.body };
}

/** Modules always get these headers as a list. */
const SEVERAL = 'Set-Cookie';
