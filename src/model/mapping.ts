import type { RuleSet } from './rule-set.ts';

/** One property of an integration and the template that fills it (spec behaviour 6.1). */
export interface Mapping {
  id?: string;
  property: string;
  value: MappingValue;
  rule_set?: RuleSet | null;
}

export type MappingValue = string | number | boolean | null | (string | null)[];

export interface Integration {
  module_id: string;
  mappings: Mapping[];
}
