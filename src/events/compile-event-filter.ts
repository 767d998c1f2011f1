import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { RuleSet } from '../model/rule-set.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { compileRuleSet } from '../rules/compile-rule-set.ts';
import { createRuleCatalogue, type RuleCatalogue } from '../rules/rule-catalogue.ts';
import type { LeadEvent } from './build-event.ts';
import { whyNoProperty } from './event-properties.ts';
import { ruleValues } from './rule-values.ts';

/** Does an event have what was asked for? */
export type EventTest = (event: LeadEvent, ctx: EvaluationContext) => boolean;

/** Rules of one question, nested ones included: each is asked of every event that is read. */
export const QUESTION_RULES_MAX = 100;

/**
 * The rules of a question, which all must hold, made ready to be asked of events. Left sides are paths of the event:
 * `outcome`, `vars.lead.state`. What cannot run is returned as problems, each with its place below `rules`.
 */
export function compileEventFilter(rules: readonly unknown[]): Result<EventTest, Problem[]> {
  const problems: Problem[] = [];
  const catalogue = createRuleCatalogue();
  // Whatever is no rule is refused by the compiler, which takes nothing for granted.
  const ruleSet: RuleSet = { op: 'and', rules: rules as RuleSet['rules'] };
  const program = compileRuleSet(ruleSet, { path: '', labelOf: (path) => path, catalogue, problems });
  if (catalogue.rows.length > QUESTION_RULES_MAX) {
    const message = `There are more than ${QUESTION_RULES_MAX} rules: use "is included in" with a list.`;
    return fail([{ path: 'rules', message }]);
  }
  for (const variable of program.variables) {
    const message = whyNoProperty(variable);
    if (message !== undefined) problems.push({ path: placeOf(variable, catalogue), message });
  }
  if (problems.length > 0) return fail(problems.map((problem) => ({ ...problem, path: problem.path.slice(1) })));
  return ok((event, ctx) => program.evaluate(ruleValues(event), ctx).passed);
}

/** The side of the first rule that reads the variable; paths begin with a dot, as those of the compiler do. */
function placeOf(variable: string, catalogue: RuleCatalogue): string {
  const reads = (side: unknown) => JSON.stringify(side ?? '').includes(variable);
  const left = catalogue.rows.find(({ lhv }) => reads(lhv));
  if (left) return `${left.path}.lhv`;
  const right = catalogue.rows.find(({ rhv }) => reads(rhv));
  return right ? `${right.path}.rhv` : '.rules';
}
