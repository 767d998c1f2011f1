import { isPlainObject } from '../variables/rich-value.ts';
import { TEMPLATE_STEPS_MAX } from './evaluation.ts';

/**
 * What `{{#each}}` goes through: an array's members under their index, a plain object's own values under their
 * names; nothing for any other value. No more members than an evaluation has steps are listed, and one more, so
 * that a longer list still exhausts it.
 */
export function loopMembers(value: unknown): (readonly [key: string | number, value: unknown])[] {
  if (Array.isArray(value)) return [...value.slice(0, TEMPLATE_STEPS_MAX + 1).entries()];
  if (!isPlainObject(value)) return [];
  return Object.keys(value)
    .slice(0, TEMPLATE_STEPS_MAX + 1)
    .map((key) => [key, value[key]] as const);
}
