import { ERRORS, type ErrorCode } from '../../src/http/errors.ts';
import { code, generatedPage, table } from './markdown.ts';

/** Who must act, and how. The type asks for a row for every code, and for no other. */
const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  malformed_request: 'What arrived is not HTTP/1.1. Usually a proxy or TLS sent to the plain port.',
  malformed_url: 'The URL cannot be decoded. Mend the percent signs.',
  malformed_id:
    'An id in the query or in a submit URL is not 24 hexadecimal characters (a source’s may be its six). In any other path it is `not_found`.',
  malformed_query: 'A query parameter has a value it cannot have; the sentence says which.',
  malformed_header: '`If-Match` is no revision, or nothing at the URL has revisions.',
  malformed_body: 'The body is not JSON, cut off, or holds what cannot be kept (NUL, half a surrogate pair).',
  authentication_failed:
    'No API key that is in force was sent as the password of HTTP Basic, and no session’s cookie. The body is exactly `{"error":"authentication failed"}`, without a code.',
  sign_in_failed:
    'The e-mail address, the password or the code is wrong, or the user cannot sign in: the answer is the same, so that it does not reveal which addresses have users.',
  second_factor_required: 'The password is right and the user has a second factor: send its `code`, too.',
  permission_required: 'The key or the user is known but has not the permission that the sentence names.',
  session_required: 'This is about the person who is signed in; an API key is no person. Sign in with `POST /session`.',
  csrf_token_required:
    'A session that changes something must send its CSRF token in `X-CSRF-Token`; `GET /session` returns it.',
  standard_field: 'Standard fields are the same for everybody; make a field of your own.',
  origin_not_allowed:
    'The source lists the origins whose pages may send to it, and this is none of them; or a page of another site asked for a change in a session.',
  not_found: 'There is nothing at this URL, or nothing with this id in your account.',
  method_not_allowed: 'The URL takes other methods; `Allow` lists them.',
  request_timeout: 'The request did not arrive in time. Send it again, over a faster connection.',
  id_taken: 'Something else has the id that the body asks for.',
  email_taken: 'A user has this e-mail address. `POST /users/{id}/invite` makes a new link for them.',
  last_owner: 'The account would have no owner left who can sign in. Make another user an owner first.',
  conflict: 'What was asked does not go with the state something is in; the message says which.',
  body_too_large: 'The body is longer than the resource takes.',
  url_too_long: 'Send the values in the body of a POST.',
  unsupported_media_type: 'Send the body as application/json; a lead without a charset or coding that is not known.',
  invalid_document: 'The body is JSON but not such a document; `details` says where and what to do.',
  not_deployable: 'The flow as saved cannot run; `details` says why. Save a corrected one, then deploy.',
  recipient_needed:
    'The file names leads, which may have gone to several recipients. Say which one with `recipient_id`, or name its column.',
  too_many_attempts: 'Too many sign-ins have failed. Wait the seconds of `Retry-After`.',
  headers_too_large: 'URL and headers together are too long. Send the values in the body of a POST.',
  internal_error: 'A fault of the server; its log says where. Trying again seldom helps.',
  unavailable: 'The database is away or the server is full. Send the same again after `Retry-After` seconds.',
};

/** `docs/reference/errors.md`. */
export function errorsReference(): string {
  const introduction =
    'Errors of the API are `{"error": "<sentence>", "code": "<code>", "details": [{"path": "…", "message": "…"}]}`; `details` only where there are some. Codes are stable, sentences may change.';
  const entries = Object.entries(ERRORS).map(([name, status]) => [
    code(name),
    String(status),
    MEANINGS[name as ErrorCode], // the keys of ERRORS are what ErrorCode is made of
  ]);
  const body = [
    table(['Code', 'Status', 'Meaning, and what to do'], entries),
    '## While a lead is taken',
    'The submit URL answers with the same codes for a malformed id (400), an unknown, deleted or never deployed flow or an unknown source (404), a page of an origin that the source does not take (403), a body that arrives too slowly (408), is too large (413) or in a coding or charset that is not known (415), a URL that is too long (414, 431) and 503. Every answer carries `Access-Control-Allow-Origin`. Two answers have the forms that are documented for them: 403 `{"message":"Source is disabled"}` and 401 `{"error":"Unauthorized source"}`. The source’s module answers for the request itself, in plain text: 400 for a body it cannot read, 405, 406 and 415. Everything else is 201 with an outcome.',
  ].join('\n\n');
  return generatedPage('Errors', { from: 'src/http/errors.ts', introduction, body });
}
