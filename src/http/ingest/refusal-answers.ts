import type { HttpAnswer } from '../../integrations/contract.ts';
import { type ApiError, apiError, ERRORS, errorText } from '../errors.ts';

/** Seconds a sender is asked to wait before it tries again. */
const RETRY_AFTER_SECONDS = 1;

/** What a sender gets instead of the answer of a source. */
export function writeRefusal(error: ApiError): HttpAnswer {
  const status = ERRORS[error.code];
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    ...(status === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
  };
  return { status, headers, body: errorText(error) };
}

/** What cannot be done now and may be tried again. */
export function unavailable(sentence: string): ApiError {
  return apiError('unavailable', `${sentence} Please send it again in a few seconds.`);
}

/** The lead was read and cannot be handled now. */
export const NOT_ACCEPTED_NOW: ApiError = unavailable('The lead could not be accepted right now.');
