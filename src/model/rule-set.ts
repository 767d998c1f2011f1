/** Rules as the API spells them (spec behaviour 5.1). */
export interface RuleSet {
  id?: string;
  op: 'and' | 'or';
  rules: (Rule | RuleSet)[];
}

export interface Rule {
  id?: string;
  /** A variable path (`lead.state`) or a template. */
  lhv?: string;
  op?: string;
  rhv?: string | number | boolean | string[] | null;
  /** Holds together with the rule: evaluated only when the rule passes. */
  rule_set?: RuleSet | null;
}
