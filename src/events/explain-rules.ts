import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { RuleCatalogueRow } from '../rules/rule-catalogue.ts';
import { type RuleDistance, ruleDistance } from '../rules/rule-distance.ts';
import type { LeadPast } from './lead-past.ts';

/** One evaluated rule: as it was written, where, what both sides came to, and the verdict. */
export interface ExplainedRule {
  /** In the flow document: `steps.0.rule_set.rules.1`. */
  path: string;
  id: string | null;
  /** What a reason calls the left side. */
  label: string;
  lhv: unknown;
  op: unknown;
  /** null: the operator has no right side. */
  rhv: unknown;
  left: unknown;
  right: unknown;
  passed: boolean;
  /** null: the operator does not compare, or the sides cannot be compared. */
  distance: RuleDistance | null;
}

/** The evaluated rules whose place in the flow document matches, in the order of their evaluation. */
export function explainRules({ lead, flow }: LeadPast, isAt: (path: string) => boolean): ExplainedRule[] {
  return (lead.document?.findings ?? []).flatMap(([index, left, right, passed]) => {
    const row = flow.catalogue.rows[index];
    return row && isAt(row.path) ? [explainedRule(flow, row, { left, right, passed: passed === 1 })] : [];
  });
}

function explainedRule(
  flow: CompiledFlow,
  row: RuleCatalogueRow,
  found: { left: unknown; right: unknown; passed: boolean },
): ExplainedRule {
  const { path, label, lhv, op, rhv } = row;
  const distance = ruleDistance({ lhv, op, left: found.left, right: found.right });
  return { path, id: idAt(flow, path), label, lhv, op, rhv: rhv ?? null, ...found, distance };
}

/** The id of what stands at a path of the document. */
function idAt(flow: CompiledFlow, path: string): string | null {
  let place: unknown = flow.document;
  for (const name of path.split('.')) place = ownProperty(place, name);
  const id = ownProperty(place, 'id');
  return typeof id === 'string' ? id : null;
}

function ownProperty(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  return Object.getOwnPropertyDescriptor(from, name)?.value;
}
