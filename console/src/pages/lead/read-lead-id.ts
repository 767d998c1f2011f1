/** The first id in a text, such as a pasted link; undefined: it has none. */
export function readLeadId(text: string): string | undefined {
  return /(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])/i.exec(text)?.[0]?.toLowerCase();
}
