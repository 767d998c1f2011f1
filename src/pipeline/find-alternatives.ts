import type { CompiledFlow, CompiledStep } from '../flow-compiler/compiled-flow.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import type { RuleProgram } from '../rules/compile-rule-set.ts';
import { parsePath } from '../variables/property-path.ts';

/** What a step was shown when it ran; undefined: it did not run for this lead. */
export type VarsBefore = (stepId: string) => Vars | undefined;

/**
 * The alternatives of a recipient step (decision 47): later ones that ran for a lead and would not have run if this one
 * had accepted, by their own rules or by a filter before them. What would have run all the same is a copy that everybody
 * gets. Once an alternative is known it counts as accepted too: what follows if "A or B" accepted is no alternative of A.
 * Rules see `success` as the outcome of all these and no reason; anything else they appended is not known, and a step
 * whose rules ask for it is taken for an alternative: rather not delivered than sold twice. Ids, in order.
 */
export function findAlternatives(
  flow: Pick<CompiledFlow, 'steps'>,
  { stepId, varsBefore, ctx }: { stepId: string; varsBefore: VarsBefore; ctx: EvaluationContext },
): string[] {
  const index = flow.steps.findIndex(({ id }) => id === stepId);
  const first = flow.steps[index];
  if (first?.kind !== 'recipient') return [];
  const keys = new Set([first.key]);
  const alternatives: string[] = [];
  let wouldEnd = false;
  for (const step of flow.steps.slice(index + 1)) {
    const vars = varsBefore(step.id);
    if (!vars || !step.isEnabled) continue;
    if (step.kind === 'filter') {
      wouldEnd ||= wouldDiffer(step, { keys, vars, ctx });
    } else if (wouldEnd || wouldDiffer(step, { keys, vars, ctx })) {
      alternatives.push(step.id);
      keys.add(step.key);
    }
  }
  return alternatives;
}

/** Would a filter stop the flow that let the lead pass, or a recipient be skipped that ran? */
function wouldDiffer(
  step: CompiledStep,
  { keys, vars, ctx }: { keys: ReadonlySet<string>; vars: Vars; ctx: EvaluationContext },
): boolean {
  const read = readBelow(step.rules, keys);
  if (read.length === 0) return false;
  if (read.some((name) => name !== 'outcome' && name !== 'reason')) return true;
  const accepted = Object.fromEntries([...keys].map((key) => [key, { outcome: 'success' }]));
  const { passed } = step.rules.evaluate({ ...vars, ...accepted }, ctx);
  return step.kind === 'filter' ? passed : !passed;
}

/** Names of what rules read below these keys: `outcome` of `crm.outcome`. */
function readBelow(rules: Pick<RuleProgram, 'variables'>, keys: ReadonlySet<string>): string[] {
  return rules.variables.flatMap((variable) => {
    const parsed = parsePath(variable);
    const [key, ...names] = parsed.ok ? parsed.value.map(String) : [];
    return key !== undefined && keys.has(key) ? [names.join('.')] : [];
  });
}
