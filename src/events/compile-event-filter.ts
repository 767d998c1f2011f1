import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { RuleSet } from '../model/rule-set.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { compileRuleSet, type RuleProgram } from '../rules/compile-rule-set.ts';
import { questionOperatorNamed } from '../rules/operators.ts';
import { createRuleCatalogue, type RuleCatalogue } from '../rules/rule-catalogue.ts';
import type { LeadEvent } from './build-event.ts';
import { isOfDocument, whyNoProperty } from './event-properties.ts';
import type { EventFilter } from './event-store.ts';
import { readQuestionRules } from './question-rules.ts';
import { ruleValues } from './rule-values.ts';
import { splitRules } from './split-rules.ts';

/** Does an event have what was asked for? */
export type EventTest = (event: LeadEvent, ctx: EvaluationContext) => boolean;

/** The rules of a question, made ready. */
export interface EventRules {
  /** What the store finds by itself. */
  filter: EventFilter;
  /** What is asked of each event; undefined: nothing. */
  test: EventTest | undefined;
  /** Does the test read what only the document of a lead has? */
  needsDocuments: boolean;
}

/** Rules of one question, nested ones included: each is asked of every event that is read. */
export const QUESTION_RULES_MAX = 100;

/** The rules of a question, parted into what finds events and what is asked of each that was found. */
export function compileEventRules(rules: readonly unknown[]): Result<EventRules, Problem[]> {
  const whole = compileProgram(rules);
  if (!whole.ok) return whole;
  const { filter, rest } = splitRules(rules);
  if (rest.length === 0) return ok({ filter, test: undefined, needsDocuments: false });
  const asked = compileProgram(rest);
  if (!asked.ok) return asked;
  return ok({ filter, test: testOf(asked.value), needsDocuments: asked.value.variables.some(isOfDocument) });
}

/**
 * The rules of a question, which all must hold, made ready to be asked of events. Left sides are paths of the event:
 * `outcome`, `vars.lead.state`. What cannot run is returned as problems, each with its place below `rules`.
 */
export function compileEventFilter(rules: readonly unknown[]): Result<EventTest, Problem[]> {
  const program = compileProgram(rules);
  return program.ok ? ok(testOf(program.value)) : program;
}

function testOf(program: RuleProgram): EventTest {
  return (event, ctx) => program.evaluate(ruleValues(event), ctx).passed;
}

function compileProgram(rules: readonly unknown[]): Result<RuleProgram, Problem[]> {
  const read = readQuestionRules(rules);
  const problems: Problem[] = [...read.problems];
  const catalogue = createRuleCatalogue();
  // Whatever is no rule is refused by the compiler, which takes nothing for granted.
  const ruleSet: RuleSet = { op: 'and', rules: read.rules as RuleSet['rules'] };
  const operatorNamed = questionOperatorNamed;
  const program = compileRuleSet(ruleSet, { path: '', labelOf: (path) => path, catalogue, problems, operatorNamed });
  if (catalogue.rows.length > QUESTION_RULES_MAX) {
    const message = `There are more than ${QUESTION_RULES_MAX} rules: use "is included in" with a list.`;
    return fail([{ path: 'rules', message }]);
  }
  for (const variable of program.variables) {
    const message = whyNoProperty(variable);
    if (message !== undefined) problems.push({ path: placeOf(variable, catalogue), message });
  }
  if (problems.length > 0) return fail(problems.map((problem) => ({ ...problem, path: problem.path.slice(1) })));
  return ok(program);
}

/** The side of the first rule that reads the variable; paths begin with a dot, as those of the compiler do. */
function placeOf(variable: string, catalogue: RuleCatalogue): string {
  const reads = (side: unknown) => JSON.stringify(side ?? '').includes(variable);
  const left = catalogue.rows.find(({ lhv }) => reads(lhv));
  if (left) return `${left.path}.lhv`;
  const right = catalogue.rows.find(({ rhv }) => reads(rhv));
  return right ? `${right.path}.rhv` : '.rules';
}
