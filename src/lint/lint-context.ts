import type { IntegrationModule } from '../integrations/contract.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument } from '../model/flow.ts';
import { LINT_COMPARISONS_MAX, type LintWork } from './conflicts.ts';
import { type FlowSites, flowSites } from './flow-sites.ts';

/** What the checks ask of a module. */
export type LintedModule = Pick<IntegrationModule, 'direction' | 'requestVariables'>;

/** What a flow may name beside itself, as far as the checks ask. */
export interface LintSurroundings {
  /** Standard or the account's own; undefined: there is none. */
  fieldOf(fieldId: string): Field | undefined;
  /** Built in or installed; undefined: there is none, which keeps the flow from running. */
  moduleOf(moduleId: string): LintedModule | undefined;
  /** Why a delivery to this URL would be refused before it is sent; undefined: it would not, or nothing is known. */
  urlProblem?: (url: string) => string | undefined;
}

/** What every check is given. */
export interface LintContext {
  document: FlowDocument;
  surroundings: LintSurroundings;
  /** Every rule set and template that runs, found once. */
  sites: FlowSites;
  work: LintWork;
}

export function createLintContext(document: FlowDocument, surroundings: LintSurroundings): LintContext {
  return {
    document,
    surroundings,
    sites: flowSites(document),
    work: { comparisonsLeft: LINT_COMPARISONS_MAX },
  };
}
