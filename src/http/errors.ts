import type { FastifyReply } from 'fastify';
import type { Problem } from '../model/problem.ts';

/** Every error code of the API and its status (decision 14). Codes are stable; sentences may change. */
export const ERRORS = {
  malformed_request: 400,
  malformed_url: 400,
  malformed_id: 400,
  malformed_query: 400,
  malformed_header: 400,
  malformed_body: 400,
  authentication_failed: 401,
  sign_in_failed: 401,
  second_factor_required: 401,
  permission_required: 403,
  session_required: 403,
  csrf_token_required: 403,
  standard_field: 403,
  origin_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  id_taken: 409,
  email_taken: 409,
  last_owner: 409,
  conflict: 409,
  body_too_large: 413,
  url_too_long: 414,
  unsupported_media_type: 415,
  invalid_document: 422,
  not_deployable: 422,
  recipient_needed: 422,
  too_many_attempts: 429,
  headers_too_large: 431,
  internal_error: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** What went wrong, for the caller: what was done and what to do about it. No ids of ours, no personal values. */
export interface ApiError {
  kind: 'error';
  code: ErrorCode;
  message: string;
  /** Where in the body; only where there are some. */
  details?: readonly Problem[];
  headers?: Readonly<Record<string, string>>;
}

/** An error as a value; handlers return it, `sendError` writes it. */
export function apiError(code: ErrorCode, message: string, details?: readonly Problem[]): ApiError {
  return { kind: 'error', code, message, ...(details ? { details } : {}) };
}

const RETRY_AFTER_SECONDS = '1';

/** The one place that writes an error answer of the API. */
export function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  const status = ERRORS[error.code];
  if (status === 503) reply.header('Retry-After', RETRY_AFTER_SECONDS);
  return reply
    .code(status)
    .headers(error.headers ?? {})
    .header('Content-Type', 'application/json; charset=utf-8')
    .send(errorText(error));
}

/** The body of an error answer, as JSON. */
export function errorText(error: ApiError): string {
  return JSON.stringify(bodyOf(error));
}

function bodyOf(error: ApiError): object {
  // Exactly this body is documented for 401 (spec api 2.1), so it goes without a code.
  if (error.code === 'authentication_failed') return { error: 'authentication failed' };
  const { message, code, details } = error;
  return { error: message, code, ...(details && details.length > 0 ? { details } : {}) };
}
