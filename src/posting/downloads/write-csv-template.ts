import type { PostingPage } from '../posting-page.ts';

/** A file for a table program: the names of the parameters, and the sample below them (RFC 4180). */
export function writeCsvTemplate({ sample }: PostingPage): string {
  const rows = [sample.values.map(({ name }) => name), sample.values.map(({ value }) => value)];
  return rows.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('');
}

function writeCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
