/*
 * What API keys ask for: the request log that the owner of a program reads (decision page 0110). Submissions of leads are
 * not in it; they are events.
 */

/** What statuses are picked by: their first digit. */
export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

/** One request of a key: what was asked for, never a value of its query or body. */
export interface KeyRequest {
  accountId: string;
  keyId: string;
  id: string;
  /** When it was answered, epoch ms; its id is of the same instant. */
  at: number;
  /** As OpenAPI names it, such as `readFlow`. */
  operation: string;
  method: string;
  /** As OpenAPI writes it: `/flows/{id}`. */
  path: string;
  status: number;
  /** From the request to the end of the answer. */
  ms: number;
  /** The caller's trace, or one that began with the request; the log names it, too. */
  traceId: string;
  /** Of the answer's body as it was sent; null: not known. */
  bytes: number | null;
  /** Requests of the key before this one that are not in the log, because too many came at once. */
  skipped: number;
}

export interface KeyRequestPage {
  accountId: string;
  keyId: string;
  /** Ids, both ends excluded. */
  range: { after: string; before: string };
  sort: 'asc' | 'desc';
  limit: number;
  /** Of `STATUS_CLASSES`; null: all. */
  statuses: readonly string[] | null;
  operations: readonly string[] | null;
}

export interface KeyRequestStore {
  page(page: KeyRequestPage): Promise<KeyRequest[]>;
  /** Writes them, and forgets the oldest of their keys past `KEY_REQUESTS_MAX`. */
  write(requests: readonly KeyRequest[]): Promise<void>;
}
