/** Rows of a preview. */
export const HEAD_ROWS_MAX = 20;

/**
 * The first rows of a CSV text, quotes read (RFC 4180), at most 20 and the header. The last row of a text that is cut off is
 * left out where `isCut`.
 */
export function readHeadRows(
  text: string,
  { delimiter, isCut }: { delimiter: string | null; isCut: boolean },
): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.some((each) => each !== '')) rows.push(row);
    row = [];
  };
  const input = text.startsWith('\ufeff') ? text.slice(1) : text;
  for (let at = 0; at < input.length && rows.length <= HEAD_ROWS_MAX; at++) {
    const character = input[at] ?? '';
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (input[at + 1] === '"') {
        cell += '"';
        at++;
      } else isQuoted = false;
    } else if (character === '"' && cell === '') isQuoted = true;
    else if (character === delimiter) endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  if (rows.length <= HEAD_ROWS_MAX && !isCut && (cell !== '' || row.length > 0)) endRow();
  return rows.slice(0, HEAD_ROWS_MAX + 1);
}
