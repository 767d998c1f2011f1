import { fail, ok } from '../../lib/result.ts';
import type { Vars } from '../../model/vars.ts';
import { findAppendPrefix, type Lift, liftFrom } from '../append-prefix.ts';
import type {
  Exchanges,
  HandleEnd,
  HttpAnswer,
  InboundModule,
  IntegrationModule,
  OutboundModule,
} from '../contract.ts';
import type { LoadedModule, LoadedPackage } from './loaded-package.ts';
import { PackageFault } from './package-thread.ts';
import type { ModuleCall, PackageThreads } from './package-threads.ts';
import { writeValue } from './rich-message.ts';
import type { AnsweredRequest, AnsweredSubmission } from './worker-messages.ts';

/** More exchanges of one `handle` are not noted. */
const NOTED_MAX = 100;

// The casts in this file are the border: the answers were made by our own code in the thread, as worker-messages.ts says.

/** The modules of a package as the pipeline uses them; every function runs in the package's thread. */
export function packageModules(loaded: LoadedPackage, threads: PackageThreads): IntegrationModule[] {
  const envVariables = [...new Set(loaded.modules.flatMap((module) => module.envVariables))];
  return loaded.modules.map((module) => {
    const at = { package: loaded, envVariables, path: module.path };
    return module.direction === 'inbound'
      ? inboundModule(module, { at, threads })
      : outboundModule(module, { at, threads });
  });
}

interface Place {
  at: ModuleCall;
  threads: PackageThreads;
}

function outboundModule(module: LoadedModule, { at, threads }: Place): OutboundModule {
  const { id, name, requestVariables, responseVariables, envVariables, hasValidate } = module;
  const described = { id, name, version: at.package.version, requestVariables, responseVariables, envVariables };
  const lift = liftFrom(findAppendPrefix(responseVariables));
  const validate = async (vars: Vars): Promise<string | undefined> =>
    hasValidate ? ((await threads.call(at, 'validate', [writeValue(vars)])) as string | undefined) : undefined;
  if (module.style === 'handle') {
    const handle = (vars: Vars, exchanges: Exchanges) => runHandle({ at, threads }, { vars, exchanges, lift });
    return { ...described, direction: 'outbound', style: 'handle', validate, handle };
  }
  return {
    ...described,
    direction: 'outbound',
    style: 'request/response',
    validate,
    request: async (vars) => (await threads.call(at, 'request', [writeValue(vars)])) as AnsweredRequest,
    response: async (vars, request, response) => {
      const values = [vars, request, response].map((value) => writeValue(value));
      return lift(await threads.call(at, 'response', values));
    },
  };
}

/** The intent is committed before the package hears of the lead: what it does then is beyond our sight. */
async function runHandle(
  { at, threads }: Place,
  given: { vars: Vars; exchanges: Exchanges; lift: Lift },
): Promise<HandleEnd> {
  const { vars, exchanges, lift } = given;
  const refusal = await exchanges.begin();
  if (refusal !== undefined) return { kind: 'unsent', reason: `Not sent: ${refusal}` };
  let noted = 0;
  try {
    const { value, error, isUnanswered } = await threads.handle(at, writeValue(vars), {
      timeoutMs: exchanges.timeLeftMs(),
      onExchange: (transaction) => {
        noted += 1;
        if (noted <= NOTED_MAX) exchanges.note(transaction);
      },
    });
    if (error === null) return { kind: 'answered', appended: lift(value) };
    if (isUnanswered) return { kind: 'unknown', reason: error };
    return { kind: 'answered', appended: { outcome: 'error', reason: error } };
  } catch (fault) {
    if (!(fault instanceof PackageFault)) throw fault;
    return { kind: fault.hasStarted ? 'unknown' : 'unsent', reason: fault.reason };
  }
}

function inboundModule(module: LoadedModule, { at, threads }: Place): InboundModule {
  const { id, name, requestVariables, responseVariables, params, isPingable, hasResponse } = module;
  return {
    id,
    name,
    version: at.package.version,
    direction: 'inbound',
    isPingable,
    requestVariables,
    responseVariables,
    params,
    request: async (request) => {
      const answered = (await threads.call(at, 'inbound-request', [writeValue(request)])) as AnsweredSubmission;
      if (answered.kind === 'values') return ok(answered.values);
      const { status, headers, body } = answered;
      return fail({ status, headers, body });
    },
    response: async (request, vars, fieldIds) => {
      if (!hasResponse) throw new PackageFault('the module has no response()', { hasStarted: false });
      const values = [request, vars, fieldIds].map((value) => writeValue(value));
      return (await threads.call(at, 'inbound-response', values)) as HttpAnswer;
    },
  };
}
