import type { DistributionStep, RecipientStep } from './flow.ts';

/** The name a step's appended data sits under: the recipient's in snake case, "My CRM" → `my_crm` (spec behaviour 5.5). */
export function appendKeyOf(step: RecipientStep): string {
  const written = step.key ?? step.entity.name ?? step.integration.module_id.split('.')[0] ?? '';
  return inSnakeCase(written);
}

/** The name below `distribution` under which a distribution says how it ended. */
export function distributionKeyOf(step: DistributionStep): string {
  return inSnakeCase(step.key ?? step.name ?? '') || 'main';
}

function inSnakeCase(written: string): string {
  return written
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}
