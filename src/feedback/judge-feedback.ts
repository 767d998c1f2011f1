import type { CompiledConversions, CompiledFeedback, CompiledReturns } from '../flow-compiler/compiled-flow.ts';
import type { FeedbackType } from '../model/flow.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';

/** What the flow says of a feedback at once. */
export type Judgement =
  /** The step does not take this type. */
  | { kind: 'forbidden' }
  | { kind: 'refused'; reason: string }
  | { kind: 'passed'; approval: CompiledReturns['approval']; refundsCost: boolean };

/** A feedback with what its rules read. */
export interface JudgedFeedback {
  type: FeedbackType;
  reason: string | null;
  /** Of the lead, epoch ms. */
  submittedAt: number;
  vars: Vars;
  /** `now` is when the feedback came. */
  ctx: EvaluationContext;
}

/** Age first, then the list of reasons, then the rules: the sentence is that of the first that fails. */
export function judgeFeedback({ recipients }: CompiledFeedback, stepId: string, judged: JudgedFeedback): Judgement {
  const settings = recipients.get(stepId);
  if (judged.type === 'conversion') {
    const conversions = settings?.conversions;
    if (!conversions) return { kind: 'forbidden' };
    return judgeRules(conversions, judged) ?? { kind: 'passed', approval: null, refundsCost: false };
  }
  const returns = settings?.returns;
  if (!returns) return { kind: 'forbidden' };
  return (
    judgeAge(returns, judged) ??
    judgeReason(returns, judged) ??
    judgeRules(returns, judged) ?? { kind: 'passed', approval: returns.approval, refundsCost: returns.refundsCost }
  );
}

function judgeAge({ oldestAt }: CompiledReturns, { submittedAt, ctx }: JudgedFeedback): Judgement | undefined {
  const oldest = oldestAt?.(ctx.now, ctx.timeZone) ?? null;
  if (oldest === null || submittedAt >= oldest) return undefined;
  return { kind: 'refused', reason: 'The lead is too old to be returned' };
}

function judgeReason({ reasons }: CompiledReturns, { reason }: JudgedFeedback): Judgement | undefined {
  if (reasons === null) return undefined;
  const given = fold(reason ?? '');
  if (reasons.some((each) => fold(each) === given)) return undefined;
  return { kind: 'refused', reason: `The reason of a return must be one of: ${reasons.join(', ')}` };
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}

function judgeRules({ rules }: CompiledConversions, { vars, ctx }: JudgedFeedback): Judgement | undefined {
  for (const program of rules) {
    const verdict = program.evaluate(vars, ctx);
    if (!verdict.passed) return { kind: 'refused', reason: verdict.reason };
  }
  return undefined;
}
