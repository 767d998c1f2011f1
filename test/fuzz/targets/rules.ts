import { OPERATOR_NAMES } from '../../../src/model/operator.ts';
import type { Problem } from '../../../src/model/problem.ts';
import type { RuleSet } from '../../../src/model/rule-set.ts';
import type { EvaluationContext } from '../../../src/model/vars.ts';
import { compileRuleSet } from '../../../src/rules/compile-rule-set.ts';
import { labelOfPath } from '../../../src/rules/label.ts';
import { createRuleCatalogue } from '../../../src/rules/rule-catalogue.ts';
import type { Random } from '../random.ts';
import { type FuzzTarget, kindOfMessage, magnitude, mustHold } from '../target.ts';
import { HOSTILE_LEAD } from './hostile-lead.ts';

const CTX: EvaluationContext = { now: 1_500_000_000_000, timeZone: 'America/Chicago', random: () => 0.5 };
const [FIRST_OPERATOR = '', ...OTHER_OPERATORS] = OPERATOR_NAMES;
const OPERATORS: readonly [string, ...string[]] = [FIRST_OPERATOR, ...OTHER_OPERATORS];

const LEFTS = [
  'lead.first_name',
  'lead.last_name',
  'lead.email.domain',
  'lead.phone_1',
  'lead.phone_2',
  'lead.born',
  'lead.contacted',
  'lead.age',
  'lead.amount',
  'lead.income',
  'lead.consent',
  'lead.state',
  'lead.text',
  'lead.tags',
  'lead.items',
  'lead.deep',
  'lead.own.constructor',
  'lead.none',
  'lead.__proto__',
  '{{format lead.born format="YYYY"}}',
  '{{lowercase lead.first_name}}',
  '{{lead.items.0.price}}',
] as const;

const RIGHTS: readonly [unknown, ...unknown[]] = [
  'ada',
  '18-65',
  '18+',
  '0830-1645',
  '1990-01-01-2000-01-01',
  '2026-01-31',
  '08:30-17:00',
  'TX,CA,"Doe, John"',
  ['TX', 'CA'],
  ['{{lead.state}}', 'CA'],
  '{{lead.age}}',
  '{{lead.text}}',
  41,
  -0,
  1e21,
  true,
  null,
  '',
  ' ',
  '^(a+)+$',
  '/^7\\d{4}$/i',
  '*@example.com',
  '(?=a)b',
  '[\\w-]+(\\.\\w+){1,3}',
  '(a|b|#)*',
  'a?'.repeat(30) + 'a'.repeat(30),
  '(((((a{0,9}){0,9}){0,9})))',
  '\\p{L}',
  '[',
];

function rule(random: Random, depth: number): object {
  const op = random.pick(OPERATORS);
  return {
    lhv: random.pick(LEFTS),
    op,
    ...(random.oneIn(8) ? {} : { rhv: random.pick(RIGHTS) }),
    ...(depth > 0 && random.oneIn(5) ? { rule_set: ruleSet(random, depth - 1) } : {}),
  };
}

function ruleSet(random: Random, depth: number): object {
  const rules = Array.from({ length: random.below(4) + (depth > 2 ? 1 : 0) }, () =>
    depth > 0 && random.oneIn(4) ? ruleSet(random, depth - 1) : rule(random, depth),
  );
  return { op: random.pick(['and', 'or']), rules };
}

/** Rule sets as the API takes them, as JSON: compiled as at a deploy and evaluated on a lead with every kind of value. */
export const rules: FuzzTarget = {
  name: 'rules',
  tokens: [
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    ':',
    '"op":"or"',
    '"rules":[]',
    '"rule_set":null',
    '"lhv":',
    '"rhv":',
    '(',
    ')*',
    '{2,9}',
    '[^]',
    '\\\\d',
    '.*',
    ...LEFTS,
    ...OPERATORS,
    '18-65',
    '/i',
  ],
  generate: (random) => JSON.stringify(ruleSet(random, 3)),
  run(input) {
    const written = parsed(input);
    if (written === undefined) return 'no JSON';
    const problems: Problem[] = [];
    const program = compileRuleSet(written as RuleSet, {
      path: 'rule_set',
      labelOf: (path) => labelOfPath(path, () => undefined),
      catalogue: createRuleCatalogue(),
      problems,
    });
    const verdict = program.evaluate(HOSTILE_LEAD, CTX);
    const again = program.evaluate(HOSTILE_LEAD, CTX);
    mustHold(JSON.stringify(verdict) === JSON.stringify(again), 'the same lead gets the same verdict');
    mustHold(verdict.passed || verdict.reason !== '', 'a verdict that does not pass has a reason');
    const kind = kindOfMessage(problems[0]?.message ?? '');
    return [verdict.passed, magnitude(program.variables.length), magnitude(problems.length), kind].join(' ');
  },
};

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return undefined; // mutation breaks the JSON; what is left is not for the rules
  }
}
