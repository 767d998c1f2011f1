/** A name that differs in more letters than this is not what was meant. */
const EDITS_MAX = 3;

/** The known name a misspelt one was probably meant to be; undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    // Each letter more or less is an edit.
    .filter((candidate) => Math.abs(candidate.length - name.length) <= EDITS_MAX)
    .map((candidate) => ({ candidate, edits: editsBetween(name, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  if (!best || best.edits > EDITS_MAX) return undefined;
  // Of a short name as many edits leave nothing.
  const half = Math.ceil(Math.min(name.length, best.candidate.length) / 2);
  return best.edits <= half ? best.candidate : undefined;
}

/**
 * How many letters must be put in, left out, replaced or exchanged with their neighbour to make one name of the other
 * (Levenshtein, neighbours that changed places counting once). One row at a time.
 */
export function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const edits = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(isSwapped ? Math.min(edits, (beforeLast[j - 2] ?? 0) + 1) : edits);
    }
    beforeLast = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
