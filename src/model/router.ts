import type { RuleSet } from './rule-set.ts';

/** One route of a router: leads that pass its rules go to this source of this flow. */
export interface RouterRoute {
  /** Six characters. */
  id: string;
  flow_id: string;
  /** The id of the source's entity, or the source's own. */
  source_id: string;
  /** Absent or null: every lead passes. */
  rule_set?: RuleSet | null;
}

/** What a router is made of. */
export interface RouterDefinition {
  /** null: it has none. */
  name: string | null;
  /** Of an inbound module, which reads what is submitted to the router. */
  module_id: string;
  /** The first whose rules a lead passes decides. */
  routes: readonly RouterRoute[];
}

/** A submit URL in front of several flows, as it is stored (spec api 16). */
export interface Router extends RouterDefinition {
  id: string;
  /** 1 when it was made; each change raises it. */
  revision: number;
  /** ISO 8601. */
  created_at: string;
  updated_at: string;
}
