import { parseList } from '../../../../src/rules/parse-list.ts';

/** What came of a text with many values. */
export interface SplitValues {
  /** Each once, in the order of the text, without those that were there before. */
  added: string[];
  /** How many were there already, or came more than once. */
  repeated: number;
}

/**
 * The values of a pasted text: one a line, or separated by commas, semicolons or tabs, as a spreadsheet has them. A value
 * with a comma is in double quotes. Rules do not tell upper case from lower case, so `tx` repeats `TX`.
 */
export function splitValues(text: string, before: readonly string[] = []): SplitValues {
  const known = new Set(before.map(withoutCase));
  const members = parseList(text.replaceAll(/[\t;]/g, '\n'));
  const added: string[] = [];
  for (const member of members) {
    if (known.has(withoutCase(member))) continue;
    known.add(withoutCase(member));
    added.push(member);
  }
  return { added, repeated: members.length - added.length };
}

/** Whether a pasted text is a list rather than one value. */
export function isList(text: string): boolean {
  return /[\t\n\r;,]/.test(text.trim());
}

function withoutCase(value: string): string {
  return value.trim().toLowerCase();
}
