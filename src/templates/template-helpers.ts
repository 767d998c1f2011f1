import { format, math } from './format-helpers.ts';
import { hashHelpers } from './hash-helpers.ts';
import type { TemplateHelper } from './template-helper.ts';
import { extract, json, lowercase, namePart, replace, substring, uppercase } from './text-helpers.ts';

/** The words of the template language, in the order of the specification (behaviour 5.6). */
export const TEMPLATE_HELPERS: readonly TemplateHelper[] = [
  format,
  lowercase,
  uppercase,
  substring,
  replace,
  extract,
  namePart,
  json,
  math,
  ...hashHelpers,
];

const BY_NAME: ReadonlyMap<string, TemplateHelper> = new Map(TEMPLATE_HELPERS.map((helper) => [helper.name, helper]));

export function findHelper(name: string): TemplateHelper | undefined {
  return BY_NAME.get(name);
}
