/** A rule as it stands in the flow document. */
export interface RuleCatalogueRow {
  /** Where it stands: `steps.0.rule_set.rules.1`. */
  path: string;
  lhv: unknown;
  op: unknown;
  rhv: unknown;
  /** What a reason calls the left side: `State`. Empty for a left side that cannot be read. */
  label: string;
}

/**
 * Every rule of a flow in the order of the document. Compiling the same document gives the same rows, so what is kept
 * of an evaluation needs only the index of each rule (decision 18, the explanation on the event).
 */
export interface RuleCatalogue {
  /** Answers the index of the new row. */
  add(row: RuleCatalogueRow): number;
  readonly rows: readonly RuleCatalogueRow[];
}

export function createRuleCatalogue(): RuleCatalogue {
  const rows: RuleCatalogueRow[] = [];
  return { rows, add: (row) => rows.push(row) - 1 };
}
