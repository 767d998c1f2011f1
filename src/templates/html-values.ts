import { replaceMarkedValues } from './marked-values.ts';

/** The HTML of a template (decision page 0086): what was inserted is text, in elements and in quoted attributes. */
export function escapeHtmlValues(marked: string): string {
  return replaceMarkedValues(marked, (value) => value.replace(SPECIAL, (character) => ENTITIES[character] ?? ''));
}

const SPECIAL = /[&<>"'`]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
