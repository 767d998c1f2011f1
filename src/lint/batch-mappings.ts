import { nearestName } from '../lib/nearest-name.ts';
import { BATCH_ID_PROPERTY, BATCH_MODULE_ID, type NamedBatch, ROW_PROPERTY } from '../model/batch.ts';
import type { RecipientStep } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import { deliveringSteps, segmentsOfProperty } from './module-variables.ts';

/** Columns of one step that are named. */
const NAMED_MAX = 10;

/** The mappings of a step and the columns of its batch are written apart, and must say the same (spec behaviour 14). */
export function batchMappings(context: LintContext): Problem[] {
  return deliveringSteps(context).flatMap(({ path, step }) => {
    if (step.integration.module_id !== BATCH_MODULE_ID) return [];
    const at = `${path}.integration.mappings`;
    const batch = findBatch(step, context);
    if (batch === undefined) return [];
    return [...findStrayValues(step, { batch, at }), ...findUnfilled(step, { batch, at }), ...findOff(batch, at)];
  });
}

function findBatch({ integration }: RecipientStep, { surroundings }: LintContext): NamedBatch | undefined {
  const named = integration.mappings.find(({ property }) => property === BATCH_ID_PROPERTY)?.value;
  return typeof named === 'string' ? surroundings.batchOf?.(named.trim()) : undefined;
}

/** `email` of the property `row.email`; undefined: it is no value of the row. */
function columnOf(property: string): string | undefined {
  const segments = segmentsOfProperty(property);
  return segments?.[0] === ROW_PROPERTY && segments.length > 1 ? segments.slice(1).join('.') : undefined;
}

function findStrayValues(
  { integration: { mappings } }: RecipientStep,
  { batch, at }: { batch: NamedBatch; at: string },
): Problem[] {
  return mappings.flatMap(({ property }, index) => {
    const column = columnOf(property);
    if (column === undefined || batch.columns.includes(column)) return [];
    const near = nearestName(shortened(column), batch.columns);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    const message = `The batch "${shortened(batch.name)}" has no column "${shortened(column)}", so the value is in no file: add the column, or remove the mapping.${hint}`;
    return [{ path: `${at}.${index}.property`, message }];
  });
}

function findUnfilled(
  { integration: { mappings } }: RecipientStep,
  { batch, at }: { batch: NamedBatch; at: string },
): Problem[] {
  const filled = new Set(mappings.map(({ property }) => columnOf(property)));
  const empty = batch.columns.filter((column) => !filled.has(column));
  if (empty.length === 0) return [];
  const names = empty.slice(0, NAMED_MAX).map((column) => `"${column}"`);
  const more = empty.length > names.length ? ` and ${empty.length - names.length} more` : '';
  const message = `No mapping fills ${names.join(', ')}${more} of the batch "${shortened(batch.name)}", so they are empty in every file: map row.${empty[0]}, or remove the column.`;
  return [{ path: at, message }];
}

function findOff({ name, isEnabled }: NamedBatch, at: string): Problem[] {
  if (isEnabled) return [];
  const message = `The batch "${shortened(name)}" is off: it collects rows, and delivers them only when somebody asks.`;
  return [{ path: at, message }];
}
