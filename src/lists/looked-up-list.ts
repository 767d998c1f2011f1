import type { ListForm } from './normalise-list-value.ts';

/** A list as those who look values up in it know it. */
export interface LookedUpList {
  id: string;
  /** What its entries are stored under. Another one after all of them were replaced at once (decision page 0070). */
  contentsId: string;
  form: ListForm;
  /** Entries count for so many seconds after they were added; null: for ever. */
  ttlSeconds: number | null;
}

/** Between the id of a list and that of the import which filled these entries. */
const SEPARATOR = '/';

/** Names the entries that an import is to put in the place of all others. */
export function contentsOfImport(listId: string, jobId: string): string {
  return `${listId}${SEPARATOR}${jobId}`;
}

/** The list that has, or had, these entries. */
export function listOfContents(contentsId: string): string {
  return contentsId.split(SEPARATOR, 1)[0] ?? contentsId;
}
