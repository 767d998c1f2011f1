/** Where and why a template cannot be compiled, for the person who wrote it. */
export interface TemplateError {
  /** One sentence that names the remedy. */
  message: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units as editors count. */
  column: number;
  /** The line, or the part around the column when it is long, and below it a caret under the column. */
  snippet: string;
}

const SNIPPET_CHARACTERS_MAX = 80;

/** The error at a place in a source; the offset may be at its end. */
export function templateErrorAt(source: string, offset: number, message: string): TemplateError {
  // `lastIndexOf` takes a place before the text for its first character, which may be a line break.
  const lineStart = offset === 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
  const line = source.slice(0, lineStart).split('\n').length;
  const column = offset - lineStart + 1;
  return { message, line, column, snippet: cutSnippet(source, { lineStart, offset }) };
}

/** One line for a list of problems: the message and its place. */
export function describeTemplateError(error: TemplateError): string {
  return `${error.message} (line ${error.line}, column ${error.column})`;
}

/** The offset of a place that is given as a line from 1 and a column from 0, held inside the source. */
export function computeOffset(source: string, place: { line: number; column: number }): number {
  let lineStart = 0;
  for (let line = 1; line < place.line; line += 1) {
    const end = source.indexOf('\n', lineStart);
    if (end === -1) break;
    lineStart = end + 1;
  }
  return Math.min(lineStart + place.column, source.length);
}

function cutSnippet(source: string, place: { lineStart: number; offset: number }): string {
  const lineEnd = source.indexOf('\n', place.offset);
  const start = Math.max(place.lineStart, place.offset - SNIPPET_CHARACTERS_MAX / 2);
  const end = Math.min(lineEnd === -1 ? source.length : lineEnd, start + SNIPPET_CHARACTERS_MAX);
  // Tabs count as one place under the caret, so they are shown as one.
  const shown = source.slice(start, end).replaceAll('\t', ' ').replaceAll('\r', ' ');
  return `${shown}\n${' '.repeat(place.offset - start)}^`;
}
