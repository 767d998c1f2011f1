import type { ApiError } from './errors.ts';

/** The query of a URL, as its parser gives it. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ApiAnswer {
  kind: 'answer';
  /** 404: the answer to the question is no; its row says so in `absence`. */
  status: 200 | 201 | 202 | 404;
  body: unknown;
  /** The answer, instead of the body, for callers that prefer text/plain to JSON; absent: there is none. */
  text?: string;
  /** The same as a table, for callers that prefer text/csv. */
  csv?: string;
  /** What is answered in any case instead of JSON; absent: JSON is. */
  plain?: { type: string; text: string };
  headers?: Readonly<Record<string, string>>;
}

/** An answer without a body, where the documents want one. */
export interface EmptyAnswer {
  kind: 'empty';
  status: 404;
}

export type ApiResult = ApiAnswer | EmptyAnswer | ApiError;

export function answer(status: ApiAnswer['status'], body: unknown): ApiAnswer {
  return { kind: 'answer', status, body };
}

/** JSON that is written already. */
export function answerText(json: string): ApiAnswer {
  return { ...answer(200, undefined), plain: { type: 'application/json; charset=utf-8', text: json } };
}
