import type { HttpAnswer } from '../contract.ts';

/**
 * The module's own error answers, word for word as measured (spec modules b, api 4.4). All are text/plain; each call
 * makes a new answer, so that the HTTP edge may add headers to it.
 */
export const SUPPORTED_TYPES_TEXT = 'application/x-www-form-urlencoded, application/json, application/xml, text/xml';

export function methodNotAllowed(method: string): HttpAnswer {
  const answer = refusal(405, `The ${method.toUpperCase()} method is not allowed`);
  answer.headers['Allow'] = 'GET, POST';
  return answer;
}

export function notAcceptable(): HttpAnswer {
  return refusal(406, 'Not capable of generating content according to the Accept header');
}

export function invalidRedirect(): HttpAnswer {
  return refusal(400, 'Invalid redir_url');
}

/** Page 0037 of the decisions. */
export function redirectNotListed(): HttpAnswer {
  return refusal(400, 'Invalid redir_url: this source does not send visitors to its host');
}

export function contentTypeRequired(): HttpAnswer {
  return refusal(415, 'Content-Type header is required');
}

/** 406 and not 415: measured, and kept because senders' tests look for it. */
export function contentTypeUnsupported(): HttpAnswer {
  return refusal(406, `MIME type in Content-Type header is not supported. Use only ${SUPPORTED_TYPES_TEXT}.`);
}

/** @param body the trimmed body; a few characters are echoed as measured, more would be personal. */
export function unparsableJson(body: string): HttpAnswer {
  return refusal(400, `Unable to parse JSON -- SyntaxError: Error: ${jsonFault(body)}`);
}

/** The words of the feedback module for the same. */
export function unparsableFeedback(body: string): HttpAnswer {
  return refusal(400, `Body is not parsable as application/json -- Error: ${jsonFault(body)}`);
}

function jsonFault(body: string): string {
  if (body.length <= ECHO_CHARS_MAX) return `"${body}" is not valid JSON`;
  return `The body of ${body.length} characters${faultPlace(body)} is not valid JSON`;
}

/**
 * Decision 45. The hosted module makes an empty lead of such a body and reports nothing.
 *
 * @param kind what it is, e.g. `a list`
 */
export function jsonNoObject(kind: string): HttpAnswer {
  return refusal(400, `The JSON body is ${kind}: send one object with the names and values of one lead`);
}

/** Decision 45. */
export function xmlWithoutElements(): HttpAnswer {
  return refusal(400, 'The XML body has no named values: put an element for each value into the root element');
}

/**
 * Decision 45.
 *
 * @param actual what the body looks like, e.g. `JSON`
 */
export function formIsOther(actual: string): HttpAnswer {
  return refusal(400, `The body is ${actual}, but Content-Type says application/x-www-form-urlencoded`);
}

/** @param fault what is wrong and where, e.g. `Unexpected close tag Line: 0 Column: 17 Char: >`. */
export function unparsableXml(fault: string): HttpAnswer {
  return refusal(400, `Body does not contain XML or XML is unparseable -- Error: ${fault}.`);
}

/** Decision 38. */
export function tooManyParameters(): HttpAnswer {
  return refusal(400, 'Too many parameters');
}

/** Decision 38. */
export function nestedTooDeeply(): HttpAnswer {
  return refusal(400, 'Nested too deeply');
}

/** Nine characters can be a social security number. Answers are logged by senders and proxies. */
const ECHO_CHARS_MAX = 8;

/** Where the parser stopped, where it says so; the rest of its sentence may quote the body. */
function faultPlace(body: string): string {
  try {
    JSON.parse(body);
    return '';
  } catch (error) {
    const place = error instanceof SyntaxError ? / at position \d+/.exec(error.message) : null;
    return place ? `, wrong${place[0]},` : '';
  }
}

function refusal(status: number, body: string): HttpAnswer {
  return { status, headers: { 'Content-Type': 'text/plain' }, body };
}
