import type { RuleTrace } from '../rules/compile-rule.ts';
import type { RuleFinding } from '../stored/lead-document.ts';

/** Text of one side beyond this length is cut in the explanation. */
const SIDE_CHARACTERS_MAX = 256;
/** Findings kept of one lead; rules beyond are evaluated and not explained. */
const FINDINGS_MAX = 2_000;

/** A trace that adds to the findings of a lead. */
export function collectFindings(findings: RuleFinding[]): RuleTrace {
  return {
    record(ruleIndex, left, right, passed) {
      if (findings.length < FINDINGS_MAX) findings.push([ruleIndex, plain(left), plain(right), passed ? 1 : 0]);
    },
  };
}

/** A side as it is stored: what it means, without components. */
function plain(side: unknown): unknown {
  if (side === undefined || side === null) return null;
  if (typeof side === 'string')
    return side.length > SIDE_CHARACTERS_MAX ? `${side.slice(0, SIDE_CHARACTERS_MAX)}…` : side;
  if (typeof side !== 'object') return side;
  if (Array.isArray(side)) return side.slice(0, 100).map(plain);
  if (side instanceof Number || side instanceof Boolean) return side.valueOf();
  return plain(String(side));
}
