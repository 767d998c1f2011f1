/**
 * The query of an address as texts, a name that is repeated as a list of them: as the API writes it, so that a filter can be
 * taken from one to the other. No text is read as a number: an id may have digits alone.
 */
export function parseSearch(text: string): Record<string, string | string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) found.set(name, [...(found.get(name) ?? []), value]);
  return Object.fromEntries([...found].map(([name, texts]) => [name, texts.length === 1 ? (texts[0] ?? '') : texts]));
}

/** With its question mark; empty without anything to say. */
export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => each !== undefined && each !== null)
      .map((each): [string, string] => [name, String(each)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
