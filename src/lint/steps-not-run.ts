import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { type AppendedKey, appendedKeys } from './appended-keys.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import type { VariableRead } from './variables-read.ts';

/** Reads of what a disabled step would have appended, or one that has not run yet. */
export function* stepsNotRun(context: LintContext): Sliced<Problem[]> {
  const byKey = new Map<string, AppendedKey[]>();
  for (const step of appendedKeys(context.document)) {
    const same = byKey.get(step.key);
    if (same) same.push(step);
    else byKey.set(step.key, [step]);
  }
  const problems: Problem[] = [];
  for (const read of context.reads) {
    const steps = byKey.get(read.segments[0] ?? '');
    const message = steps && whyNotRun(steps, read);
    if (message) problems.push({ path: read.path, message });
    yield;
  }
  return problems;
}

/** Several steps may have one key; one that has run is enough. */
function whyNotRun(steps: readonly AppendedKey[], read: VariableRead): string | undefined {
  const earlier = steps.filter(({ index }) => index < read.stepsBefore);
  if (earlier.some(({ isEnabled }) => isEnabled)) return undefined;
  const variable = shortened(read.segments.join('.'));
  const [disabled] = earlier;
  if (disabled) {
    return `"${variable}" comes from step ${disabled.index + 1}, which is disabled, so it is always blank: enable that step, or remove what depends on it.`;
  }
  const later = steps[0]?.index ?? 0;
  return `"${variable}" comes from step ${later + 1}, which has not run yet here, so it is always blank: move that step up, or read the variable in a step behind it.`;
}
