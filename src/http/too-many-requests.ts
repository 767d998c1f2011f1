import { type ApiError, apiError } from './errors.ts';

/** 429 with the seconds to wait, at least one. `what` there was too much of: `requests from your address`. */
export function tooManyRequests(what: string, waitMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const message = `There were too many ${what}: try again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`;
  return { ...apiError('too_many_attempts', message), headers: { 'Retry-After': String(seconds) } };
}
