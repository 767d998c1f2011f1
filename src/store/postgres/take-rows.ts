/**
 * The rows of a result, which no longer has them itself. What `pg` keeps of a query refers to its result until V8 collects
 * the old generation, so that the rows of all results moved there: 350 MiB in an export of 476,000 rows, 30 since its
 * results are emptied.
 */
export function takeRows<T>(result: { rows: T[] }): T[] {
  return result.rows.splice(0);
}
