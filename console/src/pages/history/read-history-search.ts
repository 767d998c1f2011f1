/** Two revisions that are compared; without `to` the list is shown. */
export interface HistorySearch {
  from?: number;
  to?: number;
}

/** Whatever is no number of a revision is left out; one that comes after the other changes places with it. */
export function readHistorySearch(search: Record<string, unknown>): HistorySearch {
  const [from, to] = [readRevision(search['from']), readRevision(search['to'])];
  if (to === undefined) return {};
  if (from === undefined) return { to };
  return from <= to ? { from, to } : { from: to, to: from };
}

/** As the database has them. */
const REVISION_MAX = 2 ** 31 - 1;

function readRevision(text: unknown): number | undefined {
  const number = typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : text;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= REVISION_MAX
    ? number
    : undefined;
}
