import { ok } from '../lib/result.ts';
import { textOf } from '../variables/rich-value.ts';
import type { TemplateHelper } from './template-helper.ts';

/** The words of the template language, in the order of the specification (behaviour 5.6). */
const HELPERS: readonly TemplateHelper[] = [
  textHelper('lowercase', (text) => text.toLowerCase()),
  textHelper('uppercase', (text) => text.toUpperCase()),
];

const BY_NAME: ReadonlyMap<string, TemplateHelper> = new Map(HELPERS.map((helper) => [helper.name, helper]));

export const HELPER_NAMES: readonly string[] = [...BY_NAME.keys()];

export function findHelper(name: string): TemplateHelper | undefined {
  return BY_NAME.get(name);
}

function textHelper(name: string, change: (text: string) => string): TemplateHelper {
  return {
    name,
    valuesMin: 1,
    valuesMax: 1,
    compile: () => ok({ run: ({ values }) => change(textOf(values[0])) }),
  };
}
