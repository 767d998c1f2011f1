import { parseValue, plainInput } from '../../../field-types/parse-value.ts';
import type { CompiledRecipient } from '../../../flow-compiler/compiled-flow.ts';
import type { EvaluationContext } from '../../../model/vars.ts';
import { assignPath } from '../../../variables/assign.ts';
import type { StepRunOf } from './stage-access.ts';
import { NEXT, type StageVerdict } from './step-run.ts';

/** Every declared variable with a type becomes that type's rich value; arrays and wildcards stay (spec modules a4). */
export function typeParsing({ run, step, moduleVars }: StepRunOf<'type-parsing'>): StageVerdict {
  parseTypes(step, { moduleVars, ctx: run.ctx });
  return NEXT;
}

/** The same for variables that no lead brought; `moduleVars` are changed. */
export function parseTypes(
  step: Pick<CompiledRecipient, 'typedVariables'>,
  at: { moduleVars: Record<string, unknown>; ctx: EvaluationContext },
): void {
  const { moduleVars, ctx } = at;
  for (const { lookup, segments, type } of step.typedVariables) {
    const value = lookup(moduleVars);
    if (value === undefined || value === null || Array.isArray(value)) continue;
    assignPath(moduleVars, segments, parseValue(type, plainInput(value), ctx));
  }
}
