import { isMaskedField } from '../field-types/is-masked-field.ts';
import type { Sliced } from '../lib/slices.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { RecipientStep } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';

/** Mappings of retried steps that read a masked field: what is not kept cannot be sent again (decisions 25, 31). */
export function* maskedNotRetried(context: LintContext): Sliced<Problem[]> {
  const { document, surroundings } = context;
  const masked = document.fields.filter((id) => {
    const field = surroundings.fieldOf(id);
    return field !== undefined && isMaskedField(field);
  });
  const retried = new Set(listDeliverySteps(document).flatMap(({ path, step }) => (isRetried(step) ? [path] : [])));
  if (masked.length === 0 || retried.size === 0) return [];
  const problems: Problem[] = [];
  for (const { path, segments } of context.reads) {
    yield;
    const [, step] = MAPPING_OF_STEP.exec(path) ?? [];
    if (segments[0] !== 'lead' || step === undefined || !retried.has(step)) continue;
    const name = segments.slice(1).join('.');
    const field = masked.find((id) => name === id || name.startsWith(`${id}.`));
    if (field === undefined) continue;
    const message = `"${shortened(field)}" is masked before anything is kept, so a lead that has it is not tried again when this delivery fails: leave the field out, or switch retry_enabled off.`;
    problems.push({ path, message });
  }
  return problems;
}

const MAPPING_OF_STEP = /^(steps\.\d+(?:\.recipients\.\d+)?)\.integration\.mappings\./;

function isRetried(step: RecipientStep): boolean {
  return step.retry_enabled === true && step.enabled !== false;
}
