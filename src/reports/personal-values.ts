import { DOCUMENT_PROPERTIES, isOfDocument } from '../events/event-properties.ts';

const PATHS = /\bvars[.[][\w.[\]-]+/g;
/** A property of the document as a left side or in a template; the same word in a text is none. */
const PROPERTY = new RegExp(
  String.raw`(?:"lhv":"|\{\{[^}]*?\b)(?:${DOCUMENT_PROPERTIES.filter((name) => name !== 'vars').join('|')})\b`,
);

/** Is it a value of a lead, or one that a step appended, sent or got? */
export function isPersonalProperty(property: string): boolean {
  return isOfDocument(property);
}

/** Do the rules read one? */
export function readsPersonalProperty(rules: readonly unknown[]): boolean {
  const text = JSON.stringify(rules) ?? '';
  return PROPERTY.test(text) || [...text.matchAll(PATHS)].some(([path]) => isPersonalProperty(path));
}
