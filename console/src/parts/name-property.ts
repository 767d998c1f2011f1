/** A property of the API as the label of its field: `Client ID` of `client_id`, `Columns 2, header` of `columns.1.header`. */
export function nameProperty(path: string): string {
  const words = path
    .replace(/\.(\d+)/g, (_, index) => ` ${Number(index) + 1}`)
    .replaceAll('.', ', ')
    .replaceAll('_', ' ')
    .replace(/\b(id|url|api)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
