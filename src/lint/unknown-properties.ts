import { nearestName } from '../lib/nearest-name.ts';
import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import {
  type DeclaredVariable,
  type DeliveringStep,
  declaredVariables,
  deliveringSteps,
  fills,
  segmentsOfProperty,
} from './module-variables.ts';

/** At most so many are reported; each costs a search for the nearest name. */
const UNKNOWN_MAX = 100;

/**
 * Read by modules although none declares them: a switch of the form module (spec modules c2), what stands behind
 * `credential_id` (spec modules a4), and the account's key for services (spec modules e).
 */
const UNDECLARED: ReadonlySet<string> = new Set(['encode_form_fields', 'credential', 'activeprospect']);

/** Mappings of properties that the module does not take: it is sent without them, and nothing says so. */
export function* unknownProperties(context: LintContext): Sliced<Problem[]> {
  const problems: Problem[] = [];
  for (const step of deliveringSteps(context)) {
    yield* addUnknown(problems, step);
    if (problems.length >= UNKNOWN_MAX) break;
  }
  return problems;
}

function* addUnknown(problems: Problem[], { path, step, module }: DeliveringStep): Sliced<void> {
  const declared = declaredVariables(module);
  for (const [index, { property }] of step.integration.mappings.entries()) {
    yield;
    const segments = segmentsOfProperty(property);
    if (segments === undefined || UNDECLARED.has(segments[0] ?? '')) continue;
    if (declared.some((variable) => fills(segments, variable))) continue;
    const start = `Unknown property "${shortened(property)}": ${shortened(step.integration.module_id)} does not take it, so the mapping has no effect.`;
    problems.push({
      path: `${path}.integration.mappings.${index}.property`,
      message: `${start} ${remedy(segments, declared)}`,
    });
    if (problems.length === UNKNOWN_MAX) return;
  }
}

function remedy(segments: readonly string[], declared: readonly DeclaredVariable[]): string {
  const near = nearProperty(segments, declared);
  if (near !== undefined) return `Did you mean "${shortened(near)}"?`;
  const open = declared.filter(({ isOpen, variable }) => isOpen && variable.deprecated !== true);
  if (open.length === 0) return 'Remove the mapping: GET /modules lists what the module takes.';
  const groups = open.map(({ variable }) => variable.name).join(', ');
  return `Put properties of the recipient’s own under one of these: ${groups}.`;
}

/** The variable that is spelled most alike, with what stands behind it where anything may. */
function nearProperty(segments: readonly string[], declared: readonly DeclaredVariable[]): string | undefined {
  const offered = declared.filter(({ variable }) => variable.deprecated !== true);
  const depths = [...new Set(offered.map((each) => each.segments.length))].filter((depth) => depth <= segments.length);
  for (const depth of depths.sort((a, b) => b - a)) {
    const names = offered.filter(
      (each) => each.segments.length === depth && (each.isOpen ? segments.length > depth : segments.length === depth),
    );
    const near = nearestName(
      shortened(segments.slice(0, depth).join('.').toLowerCase()),
      names.map((each) => each.segments.join('.')),
    );
    if (near !== undefined) return [near, ...segments.slice(depth)].join('.');
  }
  return undefined;
}
