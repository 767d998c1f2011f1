import type { OpenedCredential } from '../../../credentials/open-credential.ts';
import { assert } from '../../../lib/assert.ts';
import { dollars, isPriceGiven, type Money, moneyFrom, NO_MONEY } from '../../../model/money.ts';
import type { StepOutcome } from '../../../model/outcome.ts';
import { createScrubber } from '../../../variables/scrub-secrets.ts';
import { UNREADABLE_PRICE } from '../../phases/pricing.ts';
import { collectFindings } from '../../rule-findings.ts';
import { scrubMembers } from '../../scrub-values.ts';
import { faultReason } from './fault-reason.ts';
import { inTime } from './in-time.ts';
import type { StepRunOf } from './stage-access.ts';
import { end, NEXT, type StageVerdict } from './step-run.ts';
import { applyStrictStatus } from './strict-status.ts';

/** The module reads the answer: outcome, reason, price and everything to append; then the sale is priced. */
export function response(stepRun: StepRunOf<'response'>): StageVerdict | Promise<StageVerdict> {
  const { step, request, result, handled, moduleVars } = stepRun;
  const { module } = step;
  if (handled) return readAnswer(stepRun, handled);
  if (module?.style !== 'request/response' || !request || result?.kind !== 'answered') {
    return end('error', 'No answer to read');
  }
  const { status } = result.response;
  const warn = (sentence: string) => addWarning(stepRun, sentence);
  if (result.truncated) warn(CUT);
  const accept = (read: Record<string, unknown>) =>
    readAnswer(stepRun, step.isStrictStatus ? applyStrictStatus(read, { status, moduleVars }) : read);
  try {
    const read = module.response(moduleVars, request, result.response, { isStrict: step.isStrictStatus, warn });
    if (!(read instanceof Promise)) return accept(read);
    return inTime(stepRun, read)
      .then(accept)
      .catch((error) => failed(stepRun, error));
  } catch (error) {
    return failed(stepRun, error);
  }
}

/** The recipient has the lead and answered; only what it answered is not known, so it must not be sent again. */
function failed(stepRun: StepRunOf<'response'>, error: unknown): StageVerdict {
  const { run, step, deps } = stepRun;
  deps.report({ leadId: run.leadId, where: `response of step ${step.id}`, error });
  stepRun.isUnknown = true;
  return end('error', faultReason(error, 'The recipient’s answer could not be read'));
}

function readAnswer(stepRun: StepRunOf<'response'>, answer: Record<string, unknown>): StageVerdict {
  stepRun.answer = stepRun.credential ? withoutCredential(answer, stepRun.credential) : answer;
  stepRun.outcome = outcomeOf(answer['outcome']);
  stepRun.reason = reasonOf(stepRun.answer['reason']);
  stepRun.salePrice = stepRun.outcome === 'success' ? salePriceOf(stepRun) : NO_MONEY;
  if (isOtherThanBid(stepRun, answer['price'])) addWarning(stepRun, OTHER_THAN_BID);
  // Also where no price is booked: later steps and the sender may be shown it.
  const { price } = answer;
  if (isPriceGiven(price) && moneyFrom(price) === undefined) {
    addWarning(stepRun, `The price the recipient answered ${UNREADABLE_PRICE}`);
  }
  return NEXT;
}

/** A recipient that repeats what it was sent must not show the secret to later steps, and to the sender of the lead. */
export function withoutCredential(
  answer: Record<string, unknown>,
  { secrets }: OpenedCredential,
): Record<string, unknown> {
  return scrubMembers(answer, { scrub: createScrubber(secrets), areNamesForeign: true });
}

const OUTCOMES: readonly StepOutcome[] = ['success', 'failure', 'error', 'skip'];

/** What a module's `outcome` says; anything else is an error. */
export function outcomeOf(value: unknown): StepOutcome {
  const text = String(value).toLowerCase();
  return OUTCOMES.find((outcome) => outcome === text) ?? 'error';
}

/** What its `reason` says; null: nothing. */
export function reasonOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = String(value);
  return text === '' ? null : text;
}

function salePriceOf(stepRun: StepRunOf<'response'>): Money {
  const { run, step, sale, answer } = stepRun;
  if (sale) return sale.amount;
  const { maximumPrice } = step.pricing;
  const trace = collectFindings(run.findings);
  const decision = step.pricing.evaluate({ vars: run.vars, ctx: run.ctx, offered: answer?.['price'], trace });
  assert(decision.kind === 'priced', 'only flows and sources name pricing services');
  const { amount, isLimited } = decision.verdict;
  if (isLimited && maximumPrice !== null) {
    const sentence = `The price the recipient answered is above the maximum_price of the step: ${dollars(maximumPrice)} dollars are booked.`;
    addWarning(stepRun, sentence);
  }
  return amount;
}

/** More would say the same again. */
const WARNINGS_MAX = 10;

function addWarning({ warnings }: StepRunOf<'response'>, sentence: string): void {
  if (warnings.length < WARNINGS_MAX && !warnings.includes(sentence)) warnings.push(sentence);
}

/** The sale was agreed before the lead was delivered. */
function isOtherThanBid({ sale }: StepRunOf<'response'>, price: unknown): boolean {
  return sale !== null && isPriceGiven(price) && moneyFrom(price) !== sale.amount;
}

const OTHER_THAN_BID = 'The recipient answered another price than its bid: the bid is booked.';
const CUT = 'The answer is too long, cut off or wrongly compressed: only the readable part was used.';
