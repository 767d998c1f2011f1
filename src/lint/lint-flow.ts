import { finish, type Sliced } from '../lib/slices.ts';
import type { FlowDocument } from '../model/flow.ts';
import { CHECKS } from './checks.ts';
import type { FlowWarning } from './flow-warning.ts';
import { createLintContext, type LintSurroundings } from './lint-context.ts';

/** More are not read; mending the first ones comes first. */
export const WARNINGS_MAX = 100;

/**
 * What runs in a flow and is probably not meant, check by check in the order of the table, at most `WARNINGS_MAX`. Only
 * only what is certain is reported: readers learn to ignore warnings that are sometimes wrong. Never throws.
 */
export function lintFlow(document: FlowDocument, surroundings: LintSurroundings): FlowWarning[] {
  return finish(lintInSlices(document, surroundings));
}

/** The same as work that pauses. */
export function* lintInSlices(document: FlowDocument, surroundings: LintSurroundings): Sliced<FlowWarning[]> {
  const context = yield* createLintContext(document, surroundings);
  const warnings: FlowWarning[] = [];
  for (const { name, run } of CHECKS) {
    for (const problem of yield* run(context)) warnings.push({ ...problem, check: name });
    if (warnings.length >= WARNINGS_MAX) break;
  }
  return warnings.slice(0, WARNINGS_MAX);
}
