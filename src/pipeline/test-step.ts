import { parseValue } from '../field-types/parse-value.ts';
import type { Deliver, DeliveryResult, OutboundModule, OutboundRequest } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import type { Transaction } from '../model/event.ts';
import type { StepOutcome } from '../model/outcome.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { assignPath } from '../variables/assign.ts';
import { expandNames } from '../variables/expand-names.ts';
import { NOTHING_TO_SCRUB } from '../variables/scrub-secrets.ts';
import type { CompiledRecipient } from './compiled-flow.ts';
import { outcomeOf, reasonOf } from './steps/recipient/response.ts';
import { transactionOf } from './steps/recipient/transaction-of.ts';
import { scrubTransaction } from './stored-lead.ts';

export interface TestedStep {
  outcome: StepOutcome;
  reason: string | null;
  /** As on events: credentials masked. */
  transactions: Transaction[];
}

export interface TestStepDeps {
  clock: Clock;
  deliver: Deliver;
  /** Default time limit, ms. */
  timeoutMs: number;
}

/**
 * Sends data that is mapped already to a module, as a step would: no lead, no mappings, no criteria, no event (spec api
 * 5.1). Nothing is kept, so nobody tries again what came to nothing.
 */
export async function runTestStep(
  at: { step: CompiledRecipient; module: OutboundModule; submission: Record<string, unknown>; ctx: EvaluationContext },
  deps: TestStepDeps,
): Promise<TestedStep> {
  const { module, step, ctx } = at;
  const vars = typed(expandNames({ ...at.submission }), { step, ctx });
  const transactions: Transaction[] = [];
  const told = (outcome: StepOutcome, reason: string | null): TestedStep => ({
    outcome,
    reason,
    transactions: transactions.map((transaction) => scrubTransaction(transaction, NOTHING_TO_SCRUB)),
  });
  const send = async (request: OutboundRequest): Promise<DeliveryResult> => {
    const startedAt = deps.clock.monotonic();
    const result = await deps.deliver(request, { timeoutMs: timeoutMsOf(request, { vars, deps }) });
    transactions.push(transactionOf(request, { result, ms: Math.round(deps.clock.monotonic() - startedAt) }));
    return result;
  };
  try {
    const problem = await module.validate(vars);
    if (problem) return told('skip', problem);
    const ended = await exchange({ module, vars, send, note: (each) => transactions.push(each), deps });
    if (ended.kind !== 'answered') return told('error', ended.reason);
    return told(outcomeOf(ended.appended['outcome']), reasonOf(ended.appended['reason']));
  } catch {
    // A module that throws is an error (decision 21); its message may quote values.
    return told('error', 'The integration failed');
  }
}

type Ended = { kind: 'answered'; appended: Record<string, unknown> } | { kind: 'unsent' | 'unknown'; reason: string };

async function exchange(at: {
  module: OutboundModule;
  vars: Vars;
  send(request: OutboundRequest): Promise<DeliveryResult>;
  note(transaction: Transaction): void;
  deps: TestStepDeps;
}): Promise<Ended> {
  const { module, vars, send, note, deps } = at;
  if (module.style === 'handle') {
    const startedAt = deps.clock.monotonic();
    const timeLeftMs = () => deps.timeoutMs - (deps.clock.monotonic() - startedAt);
    return module.handle(vars, { send, note, timeLeftMs, begin: async () => undefined });
  }
  const request = await module.request(vars);
  const result = await send(request);
  if (result.kind !== 'answered') return result;
  return { kind: 'answered', appended: await module.response(vars, request, result.response) };
}

function typed(vars: Vars, { step, ctx }: { step: CompiledRecipient; ctx: EvaluationContext }): Vars {
  for (const { lookup, segments, type } of step.typedVariables) {
    const value = lookup(vars);
    if (value === undefined || value === null || Array.isArray(value)) continue;
    assignPath(vars, segments, parseValue(type, value, ctx));
  }
  return vars;
}

const TIMEOUT_SECONDS_MAX = 360;

function timeoutMsOf(request: OutboundRequest, { vars, deps }: { vars: Vars; deps: TestStepDeps }): number {
  const seconds = Number(request.timeoutSeconds ?? vars['timeout_seconds']);
  return seconds >= 1 ? Math.min(seconds, TIMEOUT_SECONDS_MAX) * 1000 : deps.timeoutMs;
}
