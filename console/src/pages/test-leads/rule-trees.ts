import type { ExplainedPhase, ExplainedRule, ExplainedStep, RuleTree } from '../../../../client/src/client.ts';

/** Rule sets of a simulated lead as the page of a lead shows them: rules that were asked, as deep as they are nested. */
export function listRuleTrees({
  phases,
  steps,
}: {
  phases: readonly ExplainedPhase[];
  steps: readonly ExplainedStep[];
}): RuleTree[] {
  return [
    ...phases.flatMap(({ phase, verdict, rules = [] }) =>
      rules.length === 0 ? [] : [treeOf(nameOfPhase(phase), rules, verdict === 'stopped', 'failed')],
    ),
    ...steps.flatMap(({ type, description, recipient, path, verdict, rules = [] }) => {
      if (rules.length === 0) return [];
      const name = description ?? recipient?.name ?? path;
      return [treeOf(name, rules, verdict === 'stop', type === 'filter' ? 'passed' : 'failed')];
    }),
  ];
}

function nameOfPhase(phase: string): string {
  return phase === 'acceptance-criteria'
    ? 'Criteria'
    : phase.charAt(0).toUpperCase() + phase.slice(1).replaceAll('-', ' ');
}

function treeOf(
  name: string,
  rules: readonly ExplainedRule[],
  isDeciding: boolean,
  stopsWhen: RuleTree['stops_when'],
): RuleTree {
  const hasPassed = stopsWhen === 'passed' ? isDeciding : !isDeciding && rules.every(({ passed }) => passed);
  return {
    ...{ path: rules[0]?.path ?? name, name, is_deciding: isDeciding, stops_when: stopsWhen },
    verdict: hasPassed ? 'passed' : 'failed',
    nodes: rules.map((rule) => ({
      ...{ kind: 'rule' as const, path: rule.path, depth: depthOf(rule.path), id: rule.id, label: rule.label },
      ...{ lhv: rule.lhv, op: rule.op, rhv: rule.rhv, left: rule.left, right: rule.right, distance: rule.distance },
      verdict: rule.passed ? ('passed' as const) : ('failed' as const),
    })),
  };
}

/** `rule_set.rules.1` is as deep as its rule set holds it: 0. */
function depthOf(path: string): number {
  return Math.max(path.split('.').filter((step) => step === 'rules').length - 1, 0);
}
