import { type ExplainedRule, explainRules } from '../events/explain-rules.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import { type DecidedBy, listCriteria } from './decided-by.ts';
import { decidingRules, type Findings } from './deciding-rules.ts';
import { nameOfStep } from './describe-steps.ts';
import { RULE_PLACES } from './sentences.ts';

/** What was found of a rule or a group; `not reached`: an earlier one had decided. */
export type RuleVerdict = 'passed' | 'failed' | 'not reached';

/** A rule set as it was configured and evaluated, as a list: each group before what is in it, `depth` says how deep. */
export interface RuleTree {
  /** Of the rule set in the flow document: `steps.1.rule_set`. */
  path: string;
  /** What it belongs to: `Acceptance criteria of the source`. */
  name: string;
  /** It stopped the lead. */
  is_deciding: boolean;
  /** A filter stops a lead whose rules hold; everything else lets it on. */
  stops_when: 'passed' | 'failed';
  verdict: RuleVerdict;
  nodes: (GroupNode | RuleNode)[];
}

export interface GroupNode {
  kind: 'group';
  path: string;
  depth: number;
  /** `all`: each of its rules has to hold. */
  holds: 'all' | 'any';
  verdict: RuleVerdict;
}

export interface RuleNode extends Omit<Partial<ExplainedRule>, 'passed' | 'path' | 'id' | 'label'> {
  kind: 'rule';
  path: string;
  depth: number;
  id: string | null;
  label: string;
  verdict: RuleVerdict;
}

/** Entries of one rule set that are shown; compiling bounds depth. */
const NODES_MAX = 500;

/** Every rule set that was asked of a lead: the criteria, then those of steps in order. */
export function buildRuleTrees(past: LeadPast, decided: DecidedBy | null): RuleTree[] {
  const findings: Findings = new Map(explainRules(past, () => true).map((rule) => [rule.path, rule]));
  const build = (tree: Pick<RuleTree, 'path' | 'name' | 'stops_when'>, ruleSet: RuleSet): RuleTree => ({
    ...tree,
    is_deciding: decided?.path != null && tree.path === `${decided.path}.rule_set`,
    verdict: verdictOf(ruleSet, { path: tree.path, findings }),
    nodes: listNodes(past, ruleSet, { path: tree.path, findings, depth: 0 }).slice(0, NODES_MAX),
  });
  const trees = [
    ...listCriteria(past).map(({ path, ruleSet }) =>
      build({ path: `${path}.rule_set`, name: nameOfCriteria(path), stops_when: 'failed' }, ruleSet),
    ),
    ...past.flow.steps.flatMap((step) => {
      const { rule_set: ruleSet } = step.document;
      if (!ruleSet || ruleSet.rules.length === 0) return [];
      const stopsWhen = step.kind === 'filter' ? ('passed' as const) : ('failed' as const);
      return [build({ path: `${step.path}.rule_set`, name: nameOfStep(step), stops_when: stopsWhen }, ruleSet)];
    }),
  ];
  return trees.filter(({ verdict, is_deciding: isDeciding }) => isDeciding || verdict !== 'not reached');
}

function nameOfCriteria(path: string): string {
  return RULE_PLACES.acceptance_criteria({ owner: path.startsWith('sources.') ? 'source' : 'flow' });
}

interface Place {
  path: string;
  findings: Findings;
}

function verdictOf(ruleSet: RuleSet, at: Place): RuleVerdict {
  const wasAsked = [...at.findings.keys()].some((path) => path.startsWith(`${at.path}.`));
  if (!wasAsked) return 'not reached';
  return decidingRules(ruleSet, at).passed ? 'passed' : 'failed';
}

function listNodes(past: LeadPast, ruleSet: RuleSet, at: Place & { depth: number }): RuleTree['nodes'] {
  const { path, depth } = at;
  const holds = ruleSet.op === 'or' ? 'any' : 'all';
  const group: GroupNode = { kind: 'group', path, depth, holds, verdict: verdictOf(ruleSet, at) };
  const below = ruleSet.rules.flatMap((entry, index) =>
    nodesOfEntry(past, entry, { ...at, path: `${path}.rules.${index}`, depth: depth + 1 }),
  );
  return [group, ...below];
}

function nodesOfEntry(past: LeadPast, entry: Rule | RuleSet, at: Place & { depth: number }): RuleTree['nodes'] {
  if ('rules' in entry) return listNodes(past, entry, at);
  const own = buildRule(past, entry, at);
  const { rule_set: nested } = entry;
  if (!nested || nested.rules.length === 0) return [own];
  return [own, ...listNodes(past, nested, { ...at, path: `${at.path}.rule_set`, depth: at.depth + 1 })];
}

function buildRule(
  past: LeadPast,
  { id, lhv, op, rhv }: Rule,
  { path, depth, findings }: Place & { depth: number },
): RuleNode {
  const found = findings.get(path);
  if (found) {
    const { passed, ...facts } = found;
    return { kind: 'rule', depth, ...facts, verdict: passed ? 'passed' : 'failed' };
  }
  const label = past.flow.catalogue.rows.find((row) => row.path === path)?.label ?? '';
  return {
    kind: 'rule',
    path,
    depth,
    id: id ?? null,
    label,
    lhv,
    op,
    rhv: rhv ?? null,
    distance: null,
    verdict: 'not reached',
  };
}
