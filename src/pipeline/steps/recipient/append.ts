import { parseValue } from '../../../field-types/parse-value.ts';
import { richNumber } from '../../../field-types/rich-value.ts';
import type { CompiledRecipient } from '../../../flow-compiler/compiled-flow.ts';
import { copyMembers } from '../../../lib/copy-members.ts';
import type { FieldTypeName } from '../../../model/field-type.ts';
import { dollars, moneyFrom } from '../../../model/money.ts';
import type { EvaluationContext } from '../../../model/vars.ts';
import type { LeadOf, StepRunOf } from './stage-access.ts';
import { NEXT, type StageVerdict } from './step-run.ts';

/**
 * Puts the answer under the step's key, for later steps and the source's response. A step that was not sent leaves
 * what an earlier one with the same key appended, and only its outcome and reason change (spec behaviour 5.5).
 */
export function append(stepRun: StepRunOf<'append'>): StageVerdict {
  const { run, step, answer, outcome, reason } = stepRun;
  const earlier = run.vars[step.key];
  const base = answer ? typed(stepRun, answer) : isObject(earlier) ? earlier : {};
  const appended = copyMembers(base);
  appended['outcome'] = outcome;
  appended['reason'] = reason ?? undefined;
  run.vars = copyMembers(run.vars);
  run.vars[step.key] = appended;
  run.appended[step.key] = appended;
  stepRun.appended = appended;
  return NEXT;
}

/** Appended values have the types the module declares for them; others stay as they came. */
function typed(
  { step, run }: { step: CompiledRecipient; run: LeadOf<'append'> },
  answer: Record<string, unknown>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(answer)) {
    const type = step.appendedTypes.get(key);
    const value = answer[key];
    values[key] =
      type && value !== null && value !== undefined && typeof value !== 'object'
        ? typedValue(key, { type, value, ctx: run.ctx })
        : value;
  }
  return values;
}

/** A price is the amount that is booked; one that is no amount is an invalid number. */
function typedValue(key: string, at: { type: FieldTypeName; value: unknown; ctx: EvaluationContext }): unknown {
  const { type, value, ctx } = at;
  if (key !== 'price' || type !== 'number' || typeof value !== 'string' || value.trim() === '') {
    return parseValue(type, value, ctx);
  }
  const amount = moneyFrom(value);
  return amount === undefined
    ? richNumber(Number.NaN, { valid: false, raw: value })
    : richNumber(dollars(amount), { valid: true, raw: value });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
