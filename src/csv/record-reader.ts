/** One row of a file. */
export interface CsvRecord {
  fields: readonly string[];
  /** It could not be told where it ends, and its first line is the only field. */
  isBroken: boolean;
}

/** Reads rows from text that comes in pieces. */
export interface RecordReader {
  push(text: string): CsvRecord[];
  end(): CsvRecord[];
}

/** A longer row is none: a quote was not closed, or the file is no table. */
export const RECORD_CHARACTERS_MAX = 65_536;

/**
 * Reads comma-separated values as RFC 4180 has them, with any delimiter; null: each line is one value. Lines end with
 * LF, CRLF or CR. A quote opens a quoted field only at its beginning; what follows the closing quote up to the delimiter
 * belongs to the field. Blank lines are no rows. A row that is longer than the bound is broken: its first line is left
 * out, and reading goes on behind it.
 */
export function createRecordReader(delimiter: string | null): RecordReader {
  let rest = '';
  let isSkipping = false;

  function read(isEnd: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let at = 0;
    // Each turn takes at least one character of the text, or ends.
    while (at < rest.length) {
      if (isSkipping) {
        const line = lineAt(rest, at, isEnd);
        if (!line) break;
        at = line.next;
        isSkipping = false;
        continue;
      }
      const row = rowAt(rest, { at, delimiter, isEnd });
      if (row === 'more') {
        if (rest.length - at <= RECORD_CHARACTERS_MAX) break;
        const line = lineAt(rest, at, isEnd);
        records.push({ fields: [rest.slice(at, Math.min(line?.end ?? rest.length, at + SHOWN_MAX))], isBroken: true });
        at = line?.next ?? rest.length;
        isSkipping = line === null;
        continue;
      }
      if (row.fields.length > 1 || row.fields[0]?.trim() !== '') records.push({ fields: row.fields, isBroken: false });
      at = row.next;
    }
    rest = rest.slice(at);
    return records;
  }

  return {
    push: (text) => {
      rest += text;
      return read(false);
    },
    end: () => {
      const records = read(true);
      if (rest === '' || isSkipping) return records;
      // A quote that nothing closes.
      const line = lineAt(rest, 0, true);
      const broken = { fields: [rest.slice(0, Math.min(line?.end ?? rest.length, SHOWN_MAX))], isBroken: true };
      rest = rest.slice(line?.next ?? rest.length);
      return [...records, broken, ...read(true)];
    },
  };
}

/** Of a broken row. */
const SHOWN_MAX = 1_000;

interface Line {
  /** Where its text ends, and where the next line begins. */
  end: number;
  next: number;
}

/** null: its end has not come. */
function lineAt(text: string, at: number, isEnd: boolean): Line | null {
  LINE_END.lastIndex = at;
  const found = LINE_END.exec(text);
  if (!found) return isEnd ? { end: text.length, next: text.length } : null;
  const { index } = found;
  const next = index + found[0].length;
  // The LF of a CRLF may come with the next piece.
  if (found[0] === '\r' && next === text.length && !isEnd) return null;
  return { end: index, next };
}

const LINE_END = /\r\n|\n|\r/g;

type Row = { fields: string[]; next: number } | 'more';

function rowAt(text: string, place: { at: number; delimiter: string | null; isEnd: boolean }): Row {
  const { at, delimiter, isEnd } = place;
  const line = lineAt(text, at, isEnd);
  if (!line) return 'more';
  const plain = text.slice(at, line.end);
  if (!plain.includes('"')) return { fields: delimiter === null ? [plain] : plain.split(delimiter), next: line.next };
  return quotedRowAt(text, place);
}

function quotedRowAt(
  text: string,
  { at, delimiter, isEnd }: { at: number; delimiter: string | null; isEnd: boolean },
): Row {
  const fields: string[] = [];
  let from = at;
  // Each turn reads a field; the line ends after the last one.
  for (let isOpen = true; isOpen; ) {
    let value = '';
    if (text[from] === '"') {
      const quoted = quotedAt(text, from);
      if (!quoted) return 'more';
      value = quoted.value;
      from = quoted.next;
    }
    const line = lineAt(text, from, isEnd);
    if (!line) return 'more';
    const cut = delimiter === null ? -1 : text.indexOf(delimiter, from);
    isOpen = cut !== -1 && cut < line.end;
    const end = isOpen ? cut : line.end;
    fields.push(value + text.slice(from, end));
    from = isOpen ? cut + (delimiter?.length ?? 0) : line.next;
  }
  return { fields, next: from };
}

/** Behind the quote that closes the one at `at`; null: it has not come. */
function quotedAt(text: string, at: number): { value: string; next: number } | null {
  let from = at + 1;
  // Two quotes stand for one; each turn goes on behind a pair.
  for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', from)) {
    if (text[end + 1] !== '"') {
      return { value: text.slice(at + 1, end).replaceAll('""', '"'), next: end + 1 };
    }
    from = end + 2;
  }
  return null;
}
