/**
 * The text of a cell; undefined: the row has no such cell. An apostrophe before what a spreadsheet would take for a
 * formula goes: our own files have it there, and a repaired one is imported again.
 */
export function readCell(cell: string | undefined): string {
  const text = (cell ?? '').replaceAll('\0', '').trim();
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}
