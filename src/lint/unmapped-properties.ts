import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import { declaredVariables, deliveringSteps, fills, segmentsOfProperty } from './module-variables.ts';
import { providedNames } from './unknown-variables.ts';

/** Variables that a module requires and no mapping of its step fills, not even one with rules. */
export function unmappedProperties(context: LintContext): Problem[] {
  const provided = providedNames(context.document);
  return deliveringSteps(context).flatMap(({ path, step, module }) => {
    const mapped = step.integration.mappings.flatMap(({ property }) => {
      const segments = segmentsOfProperty(property);
      return segments === undefined ? [] : [segments];
    });
    return declaredVariables(module).flatMap((declared): Problem[] => {
      const { variable, segments, isOpen } = declared;
      // A module sees the variables of the lead as they are, and knows what to do without what it has a default for.
      if (variable.required !== true || variable.default !== undefined || isOpen) return [];
      if (provided.has(segments[0] ?? '') || mapped.some((property) => fills(property, declared))) return [];
      const moduleId = shortened(step.integration.module_id);
      const message = `"${shortened(variable.name)}" is required by ${moduleId}, and no mapping fills it: add one.`;
      return [{ path: `${path}.integration.mappings`, message }];
    });
  });
}
