import { type Money, NO_MONEY } from '../../../model/money.ts';
import type { StepOutcome } from '../../../model/outcome.ts';
import { verdictOf } from '../../phases/pricing.ts';
import { collectFindings } from '../../rule-findings.ts';
import { end, NEXT, type StageVerdict, type StepRun } from './step-run.ts';
import { applyStrictStatus } from './strict-status.ts';

/** The module reads the answer: outcome, reason, price and everything to append; then the sale is priced. */
export function response(stepRun: StepRun): StageVerdict {
  const { run, step, deps, request, result } = stepRun;
  if (!step.module || !request || result?.kind !== 'answered') return end('error', 'No answer to read');
  try {
    const read = step.module.response(stepRun.moduleVars, request, result.response);
    readAnswer(stepRun, step.isStrictStatus ? applyStrictStatus(read, result.response.status) : read);
    return NEXT;
  } catch (error) {
    deps.report({ leadId: run.leadId, where: `response of step ${step.id}`, error });
    return end('error', 'The recipient’s answer could not be read');
  }
}

function readAnswer(stepRun: StepRun, answer: Record<string, unknown>): void {
  stepRun.answer = answer;
  stepRun.outcome = outcomeOf(answer['outcome']);
  stepRun.reason = reasonOf(answer['reason']);
  stepRun.salePrice = stepRun.outcome === 'success' ? salePriceOf(stepRun) : NO_MONEY;
}

const OUTCOMES: readonly StepOutcome[] = ['success', 'failure', 'error', 'skip'];

function outcomeOf(value: unknown): StepOutcome {
  const text = String(value).toLowerCase();
  return OUTCOMES.find((outcome) => outcome === text) ?? 'error';
}

function reasonOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = String(value);
  return text === '' ? null : text;
}

function salePriceOf({ run, step, answer }: StepRun): Money {
  const trace = collectFindings(run.findings);
  return verdictOf(step.pricing.evaluate({ vars: run.vars, ctx: run.ctx, offered: answer?.['price'], trace })).amount;
}
