/** Where the sealed content of a row belongs. */
export function batchRowContext(rowId: string): string {
  return `batch_row:${rowId}`;
}

/** Where a part of a sealed file belongs. */
export function batchFileContext(fileId: string, part: number): string {
  return `batch_file:${fileId}:${part}`;
}
