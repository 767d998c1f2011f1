import type { OpenedCredential } from '../credentials/open-credential.ts';
import type { CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import type { Deliver, DeliveryResult, HandleEnd, OutboundModule, OutboundRequest } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import type { Transaction } from '../model/event.ts';
import type { StepOutcome } from '../model/outcome.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { expandNames } from '../variables/expand-names.ts';
import { createScrubber, type Scrub } from '../variables/scrub-secrets.ts';
import { secretsOf } from '../variables/secrets-of.ts';
import type { PhaseDeps } from './phase.ts';
import { faultReason } from './steps/recipient/fault-reason.ts';
import { answeredWithin } from './steps/recipient/in-time.ts';
import { outcomeOf, reasonOf } from './steps/recipient/response.ts';
import { recipientTimeoutMs } from './steps/recipient/time-left.ts';
import { transactionOf } from './steps/recipient/transaction-of.ts';
import { parseTypes } from './steps/recipient/type-parsing.ts';
import { scrubTransaction } from './write-lead.ts';

export interface TestedStep {
  outcome: StepOutcome;
  reason: string | null;
  /** As on events: credentials and masked values are asterisks. */
  transactions: Transaction[];
}

export interface TestStepDeps {
  clock: Clock;
  ids: Ids;
  deliver: Deliver;
  /** Default time limit of the whole test, ms. */
  timeoutMs: number;
  startTimer: PhaseDeps['startTimer'];
  report: PhaseDeps['report'];
}

export interface TestedData {
  step: CompiledRecipient;
  module: OutboundModule;
  /** Mapped data, by names that may be dotted. */
  submission: Record<string, unknown>;
  /** What the module authenticates with; absent: nothing. */
  credential?: OpenedCredential;
  ctx: EvaluationContext;
  /** Is a value of this dotted name masked on events? */
  isSecret(name: string): boolean;
}

/**
 * Sends data that is mapped already to a module, as a step would: no lead, no mappings, no criteria, no event (spec api
 * 5.1). Nothing is kept, and nothing is tried again.
 */
export async function runTestStep(at: TestedData, deps: TestStepDeps): Promise<TestedStep> {
  const { module, submission } = at;
  const secrets = [...secretsOf(submission, at.isSecret), ...(at.credential?.secrets ?? [])];
  const vars = testVars(at, deps);
  const exchanges = openExchanges(vars, deps);
  const told = (outcome: StepOutcome, reason: string | null) =>
    scrubbed({ outcome, reason, transactions: exchanges.transactions }, createScrubber(secrets));
  try {
    const problem = await exchanges.inTime(module.validate(vars));
    if (problem) return told('skip', problem);
    const ended = await exchange({ module, vars, exchanges });
    if (ended.kind !== 'answered') return told('error', ended.reason);
    return told(outcomeOf(ended.appended['outcome']), reasonOf(ended.appended['reason']));
  } catch (error) {
    const leadId = String(vars['event_id']);
    deps.report({ leadId, where: `test_step of ${module.id}`, error });
    return told('error', faultReason(error, 'The integration failed'));
  }
}

/** What the module sees: the data as its types, and an id for what it sends. */
function testVars({ step, submission, credential, ctx }: TestedData, { ids }: TestStepDeps): Record<string, unknown> {
  const id = ids.event();
  const opened = credential ? { credential: credential.vars } : {};
  const moduleVars = { event_id: id, delivery_id: id, ...expandNames({ ...submission }), ...opened };
  parseTypes(step, { moduleVars, ctx });
  return moduleVars;
}

/** Exchanges that share one time limit. */
interface TestExchanges {
  transactions: Transaction[];
  send(request: OutboundRequest): Promise<DeliveryResult>;
  timeLeftMs(): number;
  /** What a module answers, or a rejection when it does not. */
  inTime<T>(answering: T | Promise<T>): T | Promise<T>;
}

function openExchanges(vars: Vars, { clock, deliver, timeoutMs, startTimer }: TestStepDeps): TestExchanges {
  const transactions: Transaction[] = [];
  const openedAt = clock.monotonic();
  const timeLeftMs = (seconds: unknown = vars['timeout_seconds']) =>
    recipientTimeoutMs(seconds, timeoutMs) - (clock.monotonic() - openedAt);
  return {
    transactions,
    timeLeftMs: () => timeLeftMs(),
    inTime: (answering) =>
      answering instanceof Promise ? answeredWithin(timeLeftMs(), { answering, startTimer }) : answering,
    send: async (request) => {
      const startedAt = clock.monotonic();
      const leftMs = timeLeftMs(request.timeoutSeconds);
      const result = leftMs > 0 ? await deliver(request, { timeoutMs: leftMs }) : notSent(clock);
      transactions.push(transactionOf(request, { result, ms: Math.round(clock.monotonic() - startedAt) }));
      return result;
    },
  };
}

function notSent(clock: Clock): DeliveryResult {
  const at = clock.now();
  return { kind: 'unsent', reason: 'Not sent: the time limit is used up', sentAt: at, receivedAt: at };
}

async function exchange(at: { module: OutboundModule; vars: Vars; exchanges: TestExchanges }): Promise<HandleEnd> {
  const { module, vars, exchanges } = at;
  const { send, timeLeftMs, inTime, transactions } = exchanges;
  if (module.style === 'handle') {
    const note = (transaction: Transaction) => void transactions.push(transaction);
    // There is no lead whose intent must be on disk first.
    return inTime(module.handle(vars, { send, note, timeLeftMs, begin: async () => undefined }));
  }
  const request = await inTime(module.request(vars));
  const result = await send(request);
  if (result.kind !== 'answered') return result;
  return { kind: 'answered', appended: await inTime(module.response(vars, request, result.response)) };
}

function scrubbed({ outcome, reason, transactions }: TestedStep, scrub: Scrub): TestedStep {
  return {
    outcome,
    reason: reason === null ? null : scrub(reason),
    transactions: transactions.map((transaction) => scrubTransaction(transaction, scrub)),
  };
}
