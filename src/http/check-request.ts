import { fail, ok, type Result } from '../lib/result.ts';
import { type ApiError, apiError } from './errors.ts';

/** What a row says of it. */
interface Route {
  method: string;
  takesNoBody?: true;
  deletesByBody?: true;
  hasRevisions?: true;
}

/** What a request carries beside its URL, as far as a route may have no use for it. */
export interface CarriedParts {
  /** As it was parsed; undefined: none, or the method's is not read. */
  body: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * What a request carries and its route would ignore, as an error: a body, `If-Match` where nothing has revisions
 * (decisions 49 and 50). Otherwise the revisions of `If-Match`.
 */
export function checkRequest(route: Route, parts: CarriedParts): Result<readonly number[], ApiError> {
  const refusal = uselessBody(route, parts);
  if (refusal) return fail(refusal);
  return expectedRevisions(route, parts.headers['if-match']);
}

const NO_BODY = apiError('invalid_document', 'This request takes no body: leave it out.');
const NO_BODY_OF_GET = apiError('invalid_document', 'A GET takes no body: use parameters of the URL.');
/** As long as `{}`, which some clients always send. */
const EMPTY_BYTES_MAX = 2;

function uselessBody(route: Route, { body, headers }: CarriedParts): ApiError | undefined {
  if (route.method === 'GET') {
    const length = Number(headers['content-length'] ?? 0);
    const hasBody = length > EMPTY_BYTES_MAX || headers['transfer-encoding'] !== undefined;
    return hasBody ? NO_BODY_OF_GET : undefined;
  }
  const takesBody = route.method === 'DELETE' ? route.deletesByBody === true : route.takesNoBody !== true;
  return takesBody || isEmpty(body) ? undefined : NO_BODY;
}

function isEmpty(body: unknown): boolean {
  if (body === undefined || body === null) return true;
  return typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0;
}

/** `"7"` as answers have it in `ETag`; a client may drop the quotes or call it weak. */
const TAG = /^(?:W\/)?"?([1-9]\d{0,8})"?$/;
const NO_REVISIONS = apiError('malformed_header', 'This resource has no revisions: leave If-Match out.');
const MALFORMED_TAG = apiError(
  'malformed_header',
  'If-Match must be one revision in quotes, such as "7", as the ETag header of an answer gives it.',
);

function expectedRevisions(route: Route, header: string | string[] | undefined): Result<readonly number[], ApiError> {
  if (header === undefined || route.method === 'GET') return ok([]);
  if (route.hasRevisions !== true) return fail(NO_REVISIONS);
  const text = String(header).trim();
  // Whatever is saved, which the route demands anyway.
  if (text === '*') return ok([]);
  const revision = TAG.exec(text)?.[1];
  return revision === undefined ? fail(MALFORMED_TAG) : ok([Number(revision)]);
}
