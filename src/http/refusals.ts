import type { FastifyError } from 'fastify';
import { type ApiError, apiError, type ErrorCode } from './errors.ts';
import { MalformedBody } from './json-body.ts';

/** What the HTTP library refuses by itself, as errors of the API. */
const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_BAD_URL: [
    'malformed_url',
    'The URL is malformed: a percent sign must be followed by two hexadecimal digits.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than this resource takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'The body must be sent as application/json, or a file as the media type that its route takes.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed_body', 'The body is not as long as Content-Length says.'],
};

/** undefined: the error is not the caller's doing. */
export function refusalOf(error: unknown): ApiError | undefined {
  if (error instanceof MalformedBody) return apiError('malformed_body', error.message);
  if (!isLibraryError(error)) return undefined;
  const known = Object.hasOwn(REFUSALS, error.code) ? REFUSALS[error.code] : undefined;
  if (known) return apiError(...known);
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? apiError('malformed_body', 'The request is malformed.') : undefined;
}

function isLibraryError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');
}
