import type { ErrorCode } from './generated.ts';

/** One thing that is wrong with a request, and where: `{path: 'sources.0.entity', message: 'Is required.'}`. */
export interface Problem {
  path: string;
  message: string;
}

/**
 * What the client itself reports. `timed_out` and `connection_failed`: no answer came, so a request that changes
 * something may have been carried out. `unreadable_answer`: it is not that of a Sluice server, usually a proxy's.
 */
export type ClientErrorCode = 'timed_out' | 'connection_failed' | 'unreadable_answer' | 'redirected';

/** Every way in which a call can fail, but for an abort by the caller, which throws the reason of its signal. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  /** The HTTP status; null: no answer came. */
  readonly status: number | null;
  /** Stable; `http_404` where the answer names none. The message may change. */
  readonly code: ErrorCode | ClientErrorCode | `http_${number}`;
  /** Each problem of the document that was sent, with its place; often empty. */
  readonly details: readonly Problem[];
  /** What was asked, without query and body: `POST /flows`. */
  readonly request: string;
  /** How long the server asks the caller to wait, in ms; null: it does not say. */
  readonly retryAfterMs: number | null;
  /** Of a failure of the server, by which its log is searched; null: it does not say. */
  readonly traceId: string | null;

  constructor(
    message: string,
    facts: Pick<SluiceError, 'status' | 'code' | 'request'> &
      Partial<Pick<SluiceError, 'details' | 'retryAfterMs' | 'traceId'>> & { cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.request = facts.request;
    this.details = facts.details ?? [];
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.traceId = facts.traceId ?? null;
  }
}
