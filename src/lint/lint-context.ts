import type { IntegrationModule } from '../integrations/contract.ts';
import type { Sliced } from '../lib/slices.ts';
import type { ListType } from '../lists/normalise-list-value.ts';
import type { NamedBatch } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { FlowTargets } from '../model/flow-targets.ts';
import { LINT_COMPARISONS_MAX, LINT_OUTCOMES_MAX, type LintWork } from './conflicts.ts';
import { type FlowSites, flowSites } from './flow-sites.ts';
import { findReads, type VariableRead } from './variables-read.ts';

/** What the checks ask of a module. */
export type LintedModule = Pick<IntegrationModule, 'direction' | 'requestVariables'> & { isPingable?: boolean };

/** What a flow may name beside itself, as far as the checks ask. */
export interface LintSurroundings {
  /** Standard or the account's own; undefined: there is none. */
  fieldOf(fieldId: string): Field | undefined;
  /** Built in or installed; undefined: there is none, which keeps the flow from running. */
  moduleOf(moduleId: string): LintedModule | undefined;
  /** The type of a list, by the name that a check gives; undefined: there is none yet, and a deploy makes one that fits. */
  listTypeOf?: (name: string) => ListType | undefined;
  /** A batch of the account; undefined: there is none, which keeps the flow from running, or nothing is known. */
  batchOf?: (batchId: string) => NamedBatch | undefined;
  /** Why a delivery to this URL would be refused before it is sent; undefined: it would not, or nothing is known. */
  urlProblem?: (url: string) => string | undefined;
  /** The flows that deliveries lead to; undefined or absent: nothing is known of them. */
  flowTargets?: FlowTargets | undefined;
  /** Of the flow, whose document may have none; undefined or absent: it has none yet. */
  flowId?: string | undefined;
}

/** What every check is given. */
export interface LintContext {
  document: FlowDocument;
  surroundings: LintSurroundings;
  /** Every rule set and template that runs, found once. */
  sites: FlowSites;
  /** Every variable of the lead they read, found once. */
  reads: readonly VariableRead[];
  work: LintWork;
}

export function* createLintContext(document: FlowDocument, surroundings: LintSurroundings): Sliced<LintContext> {
  yield;
  const sites = yield* flowSites(document);
  const reads = yield* findReads(sites);
  const work = { comparisonsLeft: LINT_COMPARISONS_MAX, outcomesLeft: LINT_OUTCOMES_MAX };
  return { document, surroundings, sites, reads, work };
}
