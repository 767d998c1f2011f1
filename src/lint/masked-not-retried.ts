import { isMaskedField } from '../field-types/is-masked-field.ts';
import type { RecipientStep } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import { variablesRead } from './variables-read.ts';

/** Mappings of retried steps that read a masked field: what is not kept cannot be sent again (decisions 25, 31). */
export function maskedNotRetried(context: LintContext): Problem[] {
  const { document, surroundings } = context;
  const masked = document.fields.filter((id) => {
    const field = surroundings.fieldOf(id);
    return field !== undefined && isMaskedField(field);
  });
  const retried = document.steps.flatMap((step, index) =>
    step.type === 'recipient' && isRetried(step) ? [`steps.${index}.integration.mappings.`] : [],
  );
  if (masked.length === 0 || retried.length === 0) return [];
  return [...variablesRead(context)].flatMap(({ path, segments }) => {
    const name = segments.slice(1).join('.');
    const field = segments[0] === 'lead' && masked.find((id) => name === id || name.startsWith(`${id}.`));
    if (!field || !retried.some((mappings) => path.startsWith(mappings))) return [];
    const message = `"${shortened(field)}" is masked before anything is kept, so a lead that has it is not tried again when this delivery fails: leave the field out, or switch retry_enabled off.`;
    return [{ path, message }];
  });
}

function isRetried(step: RecipientStep): boolean {
  return step.retry_enabled === true && step.enabled !== false;
}
