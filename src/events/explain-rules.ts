import type { CompiledFlow } from '../pipeline/compiled-flow.ts';
import type { RuleCatalogueRow } from '../rules/rule-catalogue.ts';
import type { LeadPast } from './lead-past.ts';

/** One evaluated rule: as it was written, where, what both sides came to, and the verdict. */
export interface ExplainedRule {
  /** In the flow document: `steps.0.rule_set.rules.1`. */
  path: string;
  id: string | null;
  lhv: unknown;
  op: unknown;
  /** null: the operator has no right side. */
  rhv: unknown;
  left: unknown;
  right: unknown;
  passed: boolean;
}

/** The evaluated rules whose place in the flow document matches, in the order of their evaluation. */
export function explainRules({ lead, flow }: LeadPast, isAt: (path: string) => boolean): ExplainedRule[] {
  return (lead.story?.findings ?? []).flatMap(([index, left, right, passed]) => {
    const row = flow.catalogue.rows[index];
    return row && isAt(row.path) ? [explainedRule(flow, row, { left, right, passed: passed === 1 })] : [];
  });
}

function explainedRule(
  flow: CompiledFlow,
  row: RuleCatalogueRow,
  found: { left: unknown; right: unknown; passed: boolean },
): ExplainedRule {
  const { path, lhv, op, rhv } = row;
  return { path, id: idAt(flow, path), lhv, op, rhv: rhv ?? null, ...found };
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
