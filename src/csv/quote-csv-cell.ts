/** A cell as RFC 4180 has it: in quotes where it holds a comma, a quote or a line end. */
export function quoteCsvCell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
