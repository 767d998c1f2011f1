import { isAssignableKey } from '../../variables/assign.ts';
import { isPlainObject } from '../../variables/rich-value.ts';

/** Deeper than any path can reach (PATH_SEGMENTS_MAX), and shallow enough for every recursion behind us. */
export const APPENDED_DEPTH_MAX = 64;

const STARTS_WITH_DIGIT = /^\d/;

/**
 * A recipient's data as it is appended: keys that start with a digit in single quotes, so that they do not become
 * places of an array (spec modules a2 and c3), without names that reach into JavaScript's machinery, and cut where it
 * is nested deeper than `APPENDED_DEPTH_MAX`.
 */
export function appendedCopy(value: unknown, depth = 0): unknown {
  if (depth > APPENDED_DEPTH_MAX) return null;
  if (Array.isArray(value)) return value.map((member) => appendedCopy(member, depth + 1));
  if (!isPlainObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (!isAssignableKey(key)) continue;
    copy[STARTS_WITH_DIGIT.test(key) ? `'${key}'` : key] = appendedCopy(member, depth + 1);
  }
  return copy;
}
