import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import { declaredVariables, deliveringSteps, fills, segmentsOfProperty } from './module-variables.ts';
import { providedNames } from './unknown-variables.ts';

/** Variables that a module requires and no mapping of its step fills, not even one with rules. */
export function* unmappedProperties(context: LintContext): Sliced<Problem[]> {
  const provided = providedNames(context.document);
  const problems: Problem[] = [];
  for (const { path, step, module } of deliveringSteps(context)) {
    // The property of the step says the same as a mapping of that name.
    const mapped: string[][] = step.credential_id ? [['credential_id']] : [];
    for (const { property } of step.integration.mappings) {
      const segments = segmentsOfProperty(property);
      if (segments !== undefined) mapped.push(segments);
      yield;
    }
    for (const declared of declaredVariables(module)) {
      yield;
      const { variable, segments, isOpen } = declared;
      // A module sees the variables of the lead as they are, and knows what to do without what it has a default for.
      if (variable.required !== true || variable.default !== undefined || isOpen) continue;
      if (provided.has(segments[0] ?? '') || mapped.some((property) => fills(property, declared))) continue;
      const moduleId = shortened(step.integration.module_id);
      const message = `"${shortened(variable.name)}" is required by ${moduleId}, and no mapping fills it: add one.`;
      problems.push({ path: `${path}.integration.mappings`, message });
    }
  }
  return problems;
}
