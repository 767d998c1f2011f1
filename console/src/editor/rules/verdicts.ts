import type { RulesVerdict } from '../../../../client/src/client.ts';
import { type RulePath, readEntry } from './rule-tree.ts';

export type Verdict = 'passed' | 'failed' | 'not reached';

/** What both sides of a rule came to. */
export interface Finding {
  verdict: Verdict;
  /** undefined: the lead has no such value. */
  left: unknown;
  right: unknown;
}

/** What a trial of a rule set came to, by the places of its rules: `rules.0`. */
export interface Verdicts {
  passed: boolean;
  /** What a source would be told; null: the rules passed. */
  reason: string | null;
  /** Left sides that nothing provides. */
  warnings: readonly string[];
  findings: ReadonlyMap<string, Finding>;
}

/** The server names places below `rule_set`. */
export function readVerdicts({ passed, reason, rules, warnings }: RulesVerdict): Verdicts {
  const findings = rules.map(
    (rule) =>
      [
        rule.path.replace(/^rule_set\./, ''),
        { verdict: rule.passed ? 'passed' : 'failed', left: rule.left, right: rule.right },
      ] as const,
  );
  return { passed, reason, warnings: warnings.map(({ message }) => message), findings: new Map(findings) };
}

const NOT_REACHED: Finding = { verdict: 'not reached', left: undefined, right: undefined };

export function findingAt({ findings }: Verdicts, at: RulePath): Finding {
  return findings.get(at.join('.')) ?? NOT_REACHED;
}

/** Of a group from its rules: one that failed decides in `and`, one that passed in `or`. */
export function verdictOf(verdicts: Verdicts, value: unknown, at: RulePath): Verdict {
  const entry = readEntry(value);
  if (entry.kind === 'unreadable') return 'not reached';
  if (entry.kind === 'group') {
    const of = entry.set.rules.map((rule, index) => verdictOf(verdicts, rule, [...at, 'rules', index]));
    const [decides, other]: Verdict[] = entry.set.op === 'and' ? ['failed', 'passed'] : ['passed', 'failed'];
    if (of.includes(decides ?? 'failed')) return decides ?? 'failed';
    return of.includes(other ?? 'passed') ? (other ?? 'passed') : 'not reached';
  }
  const own = findingAt(verdicts, at).verdict;
  const { rule_set: nested } = entry.rule;
  return own === 'passed' && nested ? verdictOf(verdicts, nested, [...at, 'rule_set']) : own;
}
