import type { ModuleVariable } from '../integrations/contract.ts';
import { type DeliveryStep, listDeliverySteps } from '../model/delivery-steps.ts';
import { parsePath } from '../variables/property-path.ts';
import type { LintContext, LintedModule } from './lint-context.ts';

/** An enabled recipient step whose module is known. */
export interface DeliveringStep extends DeliveryStep {
  module: LintedModule;
}

export function deliveringSteps({ document, surroundings }: LintContext): DeliveringStep[] {
  return listDeliverySteps(document).flatMap((delivery) => {
    const { step } = delivery;
    if (step.enabled === false) return [];
    const module = surroundings.moduleOf(step.integration.module_id);
    return module?.direction === 'outbound' ? [{ ...delivery, module }] : [];
  });
}

/** A variable a module takes, as mappings may name it. */
export interface DeclaredVariable {
  variable: ModuleVariable;
  /** Of a wildcard `header.*` those before the star. */
  segments: readonly string[];
  isOpen: boolean;
}

export function declaredVariables(module: LintedModule): DeclaredVariable[] {
  return module.requestVariables.map((variable) => {
    const isOpen = /(^|\.)\*$/.test(variable.name);
    const name = isOpen ? variable.name.replace(/\.?\*$/, '') : variable.name;
    return { variable, segments: name === '' ? [] : name.split('.'), isOpen };
  });
}

/** `['header', 'X-Key']`; undefined: it is no path, which keeps the flow from running anyway. */
export function segmentsOfProperty(property: string): string[] | undefined {
  const parsed = parsePath(property);
  return parsed.ok && parsed.value.length > 0 ? parsed.value.map(String) : undefined;
}

/** Whether a mapping of this property fills the variable, a part of it, or an object that has it. */
export function fills(property: readonly string[], { segments }: DeclaredVariable): boolean {
  const shared = Math.min(property.length, segments.length);
  return segments.slice(0, shared).every((segment, at) => segment === property[at]);
}
