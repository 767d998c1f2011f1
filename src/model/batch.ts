/** The module by which a recipient step adds a row to a batch (decision page 0088). */
export const BATCH_MODULE_ID = 'sluice.outbound.batch';

/** The properties that its mappings fill. */
export const BATCH_ID_PROPERTY = 'batch_id';
export const ROW_PROPERTY = 'row';

/** A batch as far as flows ask: what they name exists, and takes these columns. */
export interface NamedBatch {
  id: string;
  name: string;
  isEnabled: boolean;
  columns: readonly string[];
}

/** Where the request of a batch step goes: it leaves no process, and its row is stored with its claim. */
const OWN_BATCHES = 'sluice://batches/';
const ROWS = '/rows';

export function buildRowsUrl(batchId: string): string {
  return `${OWN_BATCHES}${batchId}${ROWS}`;
}

/** The batch whose row a request is; undefined: it is another request. */
export function findBatchOfUrl(url: string): string | undefined {
  return url.startsWith(OWN_BATCHES) && url.endsWith(ROWS) ? url.slice(OWN_BATCHES.length, -ROWS.length) : undefined;
}
