/** Of one call, after its other arguments. */
export interface CallOptions {
  /** Aborts the call, its retries too; it then throws the signal's reason. */
  signal?: AbortSignal;
  /** Of the whole call with its retries, instead of the client's. */
  timeoutMs?: number;
  /** The revision the caller means: 409 `conflict` when another was saved meanwhile. */
  ifMatch?: number;
  headers?: Readonly<Record<string, string>>;
}

/** A file as it is sent: a text, bytes, or a `File` of a browser. */
export type FileBody = string | Uint8Array<ArrayBuffer> | Blob;
