import { parseValue } from '../../../field-types/parse-value.ts';
import { assignPath } from '../../../variables/assign.ts';
import { NEXT, type StageVerdict, type StepRun } from './step-run.ts';

/** Every declared variable with a type becomes that type's rich value; arrays and wildcards stay (spec modules a4). */
export function typeParsing({ run, step, moduleVars }: StepRun): StageVerdict {
  for (const { lookup, segments, type } of step.typedVariables) {
    const value = lookup(moduleVars);
    if (value === undefined || value === null || Array.isArray(value)) continue;
    assignPath(moduleVars, segments, parseValue(type, value, run.ctx));
  }
  return NEXT;
}
