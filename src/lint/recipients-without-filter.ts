import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Enabled recipients, none of which has an enabled filter behind it. */
export function recipientsWithoutFilter({ document }: LintContext): Problem[] {
  const steps = document.steps.filter(({ enabled }) => enabled !== false);
  const firstRecipient = steps.findIndex(({ type }) => type !== 'filter');
  if (firstRecipient === -1 || steps.slice(firstRecipient).some(({ type }) => type === 'filter')) return [];
  const message =
    'No filter looks at what the recipients answer, so a lead they refuse is a success all the same: put a filter behind the last one that stops when its outcome is not equal to success.';
  return [{ path: 'steps', message }];
}
