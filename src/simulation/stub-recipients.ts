import type { CompiledFlow, CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import type { Deliver, OutboundModule, OutboundResponse } from '../integrations/contract.ts';
import { type RecipientAnswer, TAKEN } from './recipient-answer.ts';

export interface StubbedRecipients {
  /** The flow with modules that know what is answered to them. */
  flow: CompiledFlow;
  deliver: Deliver;
}

/**
 * Recipients that answer what the request says, by the id of their step or the key its data sits under; nothing is sent.
 * Everything else of a module runs: it validates, builds its request and reads an HTTP answer.
 */
export function stubRecipients(
  flow: CompiledFlow,
  given: { answers: ReadonlyMap<string, RecipientAnswer>; now: number },
): StubbedRecipients {
  const { answers, now } = given;
  /** `deliver` does not know whose request it is given: it is the one that was built last, one lead being on its way. */
  let next: RecipientAnswer = TAKEN;
  const stubbed = (step: CompiledRecipient): CompiledRecipient => {
    const answer = answers.get(step.id) ?? answers.get(step.key) ?? TAKEN;
    const onRequest = () => {
      next = answer;
    };
    return { ...step, module: step.module && stubModule(step.module, { answer, onRequest }) };
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

function stubModule(
  module: OutboundModule,
  { answer, onRequest }: { answer: RecipientAnswer; onRequest: () => void },
): OutboundModule {
  if (module.style === 'handle')
    return { ...module, handle: async () => ({ kind: 'answered', appended: toldBy(answer) }) };
  return {
    ...module,
    request: async (vars) => {
      onRequest();
      return module.request(vars);
    },
    ...(answer.kind === 'outcome' ? { response: () => ({ ...answer.appended }) } : {}),
  };
}

/** A `handle` module speaks to the recipient by itself, so it is not run; an HTTP answer for it means success. */
function toldBy(answer: RecipientAnswer): Record<string, unknown> {
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

/** Modules always see a list of these. */
const SEVERAL = 'Set-Cookie';
