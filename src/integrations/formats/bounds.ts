import { isAssignableKey } from '../../variables/assign.ts';
import { besideOf } from '../../variables/branched-value.ts';
import { countParts } from '../../variables/expand-names.ts';
import { PATH_SEGMENTS_MAX } from '../../variables/property-path.ts';
import { isPlainObject } from '../../variables/rich-value.ts';
import type { HttpAnswer } from '../contract.ts';
import { nestedTooDeeply, tooManyParameters } from './refusals.ts';

/** How many values one submission may carry (decision 38). A list or an object left empty counts as one. */
export const PARAMETERS_MAX = 1_000;

/**
 * The refusal of a submission that is too large or too deep (decision 38), undefined when it is within bounds.
 * `a.b.c` and `{a: {b: {c: 1}}}` have depth 3; a list counts as a level.
 *
 * On its one walk it also removes names that reach into JavaScript's machinery, which JSON may carry as own
 * properties; every other parser drops them where it finds them.
 */
export function findBreach(submitted: unknown): HttpAnswer | undefined {
  const walk: Walk = { left: PARAMETERS_MAX, isTooDeep: false };
  measure(walk, submitted, 0);
  // Pairs the measured form has no room for are part of the submission all the same.
  measure(walk, besideOf(submitted), 0);
  if (walk.isTooDeep) return nestedTooDeeply();
  return walk.left < 0 ? tooManyParameters() : undefined;
}

interface Walk {
  /** Parameters that may still come. */
  left: number;
  isTooDeep: boolean;
}

function measure(walk: Walk, value: unknown, depth: number): void {
  if (Array.isArray(value)) measureList(walk, value, depth);
  else if (isPlainObject(value)) measureRecord(walk, value, depth);
  else walk.left -= 1;
  if (depth > PATH_SEGMENTS_MAX) walk.isTooDeep = true;
}

function measureList(walk: Walk, list: readonly unknown[], depth: number): void {
  if (list.length === 0) walk.left -= 1;
  if (depth >= PATH_SEGMENTS_MAX) walk.isTooDeep = true;
  for (const member of list) {
    if (walk.left < 0 || walk.isTooDeep) return;
    measure(walk, member, depth + 1);
  }
}

function measureRecord(walk: Walk, record: Record<string, unknown>, depth: number): void {
  let names = 0;
  if (depth >= PATH_SEGMENTS_MAX) walk.isTooDeep = true;
  for (const name in record) {
    if (walk.left < 0 || walk.isTooDeep) return;
    names += 1;
    if (isAssignableKey(name)) measure(walk, record[name], depth + countParts(name));
    else delete record[name];
  }
  if (names === 0 && depth > 0) walk.left -= 1;
}
