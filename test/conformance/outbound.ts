import { randomBytes } from 'node:crypto';
import { createCustomModules } from '../../src/integrations/builtin/leadconduit-custom/create-custom-modules.ts';
import { createSoapModule } from '../../src/integrations/builtin/leadconduit-custom/soap/soap-module.ts';
import { createDefaultOutbound } from '../../src/integrations/builtin/leadconduit-default/outbound.ts';
import { createListModules } from '../../src/integrations/builtin/leadconduit-suppressionlist/list-modules.ts';
import { createTrustedFormModules } from '../../src/integrations/builtin/leadconduit-trustedform/trustedform-modules.ts';
import { builtinModules, systemTools } from '../../src/integrations/builtin-modules.ts';
import type {
  BuiltinExchangeModule,
  BuiltinHandleModule,
  OutboundRequest,
  OutboundResponse,
} from '../../src/integrations/contract.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Vars } from '../../src/model/vars.ts';
import { type Mismatch, mismatches } from './difference.ts';
import { decode, encode } from './encoding.ts';
import { asEvent, handle, type Reply, type SentRequest } from './handle.ts';
import { isPendingModule } from './pending-modules.ts';
import { CRASHES, failedCheck, type Suite } from './suite.ts';
import { UNFOLLOWED_DELIVERIES } from './unfollowed.ts';

/** Suites of the outbound modules: the request they make, what an answer means, and what they refuse to try. */
export const outboundSuites: readonly Suite[] = [
  { file: 'outbound.jsonl', isPending, check: checkCase, lenient: [CRASHES, ...UNFOLLOWED_DELIVERIES] },
  { file: 'outbound-leadconduit.jsonl', isPending, check: checkCase, lenient: [CRASHES] },
  { file: 'services.jsonl', isPending, check: checkCase, lenient: [CRASHES] },
  { file: 'module-variables.jsonl', isPending, check: checkVariables },
];

/** Measured as in production: no private hosts. */
const PRODUCTION = { allowsPrivateHosts: () => false };
type Module = BuiltinExchangeModule | BuiltinHandleModule;
const MODULES: readonly Module[] = [
  ...createCustomModules(PRODUCTION),
  // Only what it demands is checked here; soap.ts checks its calls.
  createSoapModule({ ...PRODUCTION, tools: { clock: systemClock, randomBytes } }),
  createDefaultOutbound(PRODUCTION),
  ...createListModules(PRODUCTION),
  ...createTrustedFormModules({
    ...PRODUCTION,
    operatorToken: 'svc-token',
    tools: {
      sha1: systemTools(systemClock).sha1,
      leadUrl: (leadId) => `https://app.leadconduit.com/events/${leadId}`,
    },
  }),
];

/** A line of one of the files; they name the same things differently. */
interface Measured {
  module: string;
  kind?: string;
  op?: string;
  vars: unknown;
  request?: unknown;
  response_in?: Partial<OutboundResponse>;
  event_out?: unknown;
  result?: unknown;
  output?: unknown;
  /** Of a module that makes its own exchanges: what it sent, what it got, and how it ended. */
  sent?: SentRequest[];
  replies?: Reply[];
  event?: unknown;
  error?: string;
  $throws?: string;
}

const CHECKS: Record<string, (module: Module, measured: Measured) => Mismatch[] | Promise<Mismatch[]>> = {
  request: (module, { vars, request, output }) => {
    if (module.style === 'handle') return failedCheck(NO_SINGLE_EXCHANGE);
    const got = module.request(decoded(vars));
    return mismatches(withTexts(decode(request ?? output)), { ...got, headers: { ...got.headers } });
  },
  response: (module, { vars, response_in: answer, event_out: event, output }) => {
    if (module.style === 'handle') return failedCheck(NO_SINGLE_EXCHANGE);
    const response = { status: 200, version: '1.1', headers: {}, body: '', ...answer };
    const got = module.response(decoded(vars), NO_REQUEST, response);
    return mismatches(known(withNodeValues(event ?? output)), known(encode(got)));
  },
  validate: (module, { vars, result, output }) => mismatches(decode(result ?? output), module.validate(decoded(vars))),
  handle: async (module, { vars, sent = [], replies = [], ...ended }) => {
    if (module.style !== 'handle') return failedCheck('the module has one exchange, which is not its own');
    const got = await handle(module, decoded(vars), replies);
    return [
      ...mismatches(sent, got.sent, 'sent'),
      ...mismatches(known(asEvent(ended)), known(encode(got.event)), 'event'),
    ];
  },
};

const NO_SINGLE_EXCHANGE = 'the module makes exchanges of its own';
const NO_REQUEST: OutboundRequest = { url: 'https://recipient.example.com/', method: 'POST', headers: {} };

// The casts below are the edge where the lines of the case files get the types their README describes.
function checkCase(measured: unknown): Mismatch[] | Promise<Mismatch[]> {
  const line = measured as Measured;
  const module = moduleOf(measured);
  const check = CHECKS[line.kind ?? line.op ?? ''];
  if (module === undefined || check === undefined) return failedCheck('no such module or kind of case');
  return check(module, line);
}

/** Names and types of what a module takes and appends, and what it demands; in the measured order. */
function checkVariables(measured: unknown): Mismatch[] {
  const { request_variables: taken, response_variables: appended } = measured as MeasuredVariables;
  const { module: moduleId } = measured as MeasuredVariables;
  const module = builtinModules([]).find(({ id }) => id === moduleId);
  const got = {
    taken: module?.requestVariables.map(({ name, type, required }) => ({ name, type, required: required ?? false })),
    appended: module?.responseVariables?.map(({ name, type }) => ({ name, type })),
  };
  return mismatches({ taken: taken.map((one) => ({ ...one, required: one.required ?? false })), appended }, got);
}

interface MeasuredVariables {
  module: string;
  /** `required: null`: not said, so no. */
  request_variables: { name: string; type: string; required: boolean | null }[];
  response_variables: { name: string; type: string }[];
}

function isPending(measured: unknown): boolean {
  return isPendingModule((measured as Measured).module, builtinModules([]));
}

function moduleOf(measured: unknown): Module | undefined {
  const { module: moduleId } = measured as Measured;
  return MODULES.find((module) => module.id === moduleId);
}

function decoded(vars: unknown): Vars {
  return decode(vars) as Vars;
}

/** Measured headers may be numbers; ours are texts. A request may be missing. */
function withTexts(request: unknown): unknown {
  if (typeof request !== 'object' || request === null || !('headers' in request)) return request;
  const { headers, ...rest } = request as { headers?: Record<string, unknown> };
  if (headers === undefined) return request;
  return {
    ...rest,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
}

/** An event without the members that are undefined: they are as good as none. */
function known(event: unknown): unknown {
  if (Array.isArray(event) || typeof event !== 'object' || event === null || '$throws' in event) return event;
  const members = Object.entries(event).filter(([, value]) => !isUndefined(value));
  return Object.fromEntries(members.map(([name, value]) => [name, known(value)]));
}

function isUndefined(value: unknown): boolean {
  const isSign = typeof value === 'object' && value !== null && '$special' in value;
  return value === undefined || (isSign && value.$special === 'undefined');
}

/** The measured module let DOM nodes into the event; ours appends their value. */
function withNodeValues(event: unknown): unknown {
  if (Array.isArray(event)) return event.map(withNodeValues);
  if (typeof event !== 'object' || event === null) return event;
  if ('$special' in event && event.$special === 'xml-node') {
    const { value, markup } = event as { value?: unknown; markup?: unknown };
    return value ?? markup;
  }
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, withNodeValues(value)]));
}
