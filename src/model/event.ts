export const EVENT_TYPES = ['source', 'recipient', 'filter', 'feedback-received', 'feedback-sent', 'retry'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const EVENT_OUTCOMES = ['success', 'failure', 'error', 'skip', 'continue', 'stop'] as const;

/** A request as it was received or sent, kept on an event; secrets already masked (spec behaviour 4.2). */
export interface RecordedRequest {
  method: string;
  uri: string;
  version: string;
  headers: Record<string, string>;
  body: string | null;
  /** Epoch ms just before sending, or on arrival. */
  timestamp: number;
}

export interface RecordedResponse {
  status: number;
  status_text?: string;
  version?: string;
  headers: Record<string, string | string[]>;
  body: string | null;
  /** Epoch ms after the body was read. */
  timestamp?: number;
  /** The body was longer than the bound and is cut. */
  truncated?: boolean;
}

export interface Transaction {
  request: RecordedRequest;
  /** null: no answer came. */
  response: RecordedResponse | null;
  ms: number;
  error?: string;
}
