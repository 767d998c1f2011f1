import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';
import { passesAlways } from './rule-verdicts.ts';

/** The first enabled filter that every lead matches, when enabled steps stand behind it. */
export function filterStopsAll({ document, work }: LintContext): Problem[] {
  const { steps } = document;
  const index = steps.findIndex(
    (step) => step.type === 'filter' && step.enabled !== false && passesAlways(step.rule_set, work),
  );
  const filter = steps[index];
  if (filter?.type !== 'filter' || !steps.slice(index + 1).some(({ enabled }) => enabled !== false)) return [];
  const why = filter.rule_set.rules.length === 0 ? 'has no rules' : 'has rules that every lead passes';
  const message = `This filter ${why}, so it stops every lead and the steps behind it never run: give it rules that only the leads to be stopped pass, or move it to the end.`;
  return [{ path: `steps.${index}.rule_set`, message }];
}
