import { type DecodeBytes, findDecoder, findFormCharset } from '../../lib/charset.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { isPlainObject } from '../../variables/rich-value.ts';
import type { HttpAnswer, InboundRequest } from '../contract.ts';
import { findDisguise } from './form-disguise.ts';
import { type MediaType, negotiate } from './negotiate.ts';
import { parseForm } from './parse-form.ts';
import { parseXml } from './parse-xml.ts';
import {
  contentTypeRequired,
  contentTypeUnsupported,
  formIsOther,
  jsonNoObject,
  tooManyParameters,
  unparsableJson,
  unparsableXml,
  xmlWithoutElements,
} from './refusals.ts';

type Parsed = Result<unknown, HttpAnswer>;

/** Says that a body is no JSON; the one thing in which modules differ. */
export type RefuseJson = (body: string) => HttpAnswer;

/** What a POST without a body carries beside its query. */
export const NO_BODY = undefined;

/**
 * Reads the body of a POST by its Content-Type: an object, `NO_BODY` when there is none, or the refusal (spec modules
 * b, in its order of checks; decision 45: what holds no named values is refused). A body exists when the request has a
 * Content-Length, even 0, or the transfer coding `chunked`; one of white space alone counts as none.
 */
export function parseBody(request: InboundRequest, refuseJson: RefuseJson = unparsableJson): Parsed {
  const { headers } = request;
  const isChunked = headers['Transfer-Encoding']?.toLowerCase() === 'chunked';
  if (headers['Content-Length'] === undefined && !isChunked) return ok(NO_BODY);
  const contentType = headers['Content-Type'];
  if (contentType === undefined || contentType === '') return fail(contentTypeRequired());
  const mediaType = negotiate(contentType);
  if (mediaType === undefined) return fail(contentTypeUnsupported());
  // Trimming also removes a byte order mark.
  const body = request.body.trim();
  return body === '' ? ok(NO_BODY) : PARSERS[mediaType](body, { contentType, refuseJson });
}

interface ParseContext {
  contentType: string;
  refuseJson: RefuseJson;
}

const PARSERS: Record<MediaType, (body: string, context: ParseContext) => Parsed> = {
  'application/x-www-form-urlencoded': formValues,
  'application/json': jsonValue,
  'application/xml': xmlValues,
  'text/xml': xmlValues,
};

function formValues(body: string, { contentType }: ParseContext): Parsed {
  const disguise = findDisguise(body);
  if (disguise !== undefined) return fail(formIsOther(disguise));
  const values = parseForm(body, formDecoder(contentType, body));
  return values === undefined ? fail(tooManyParameters()) : ok(values);
}

/** undefined: UTF-8, which has a faster way, and what the edge did not know either. */
function formDecoder(contentType: string, body: string): DecodeBytes | undefined {
  const label = findFormCharset(contentType, body);
  return label === undefined || UTF_8.test(label) ? undefined : findDecoder(label);
}

/** Percent-encoded bytes of a UTF-16 form are UTF-8 as well (URL standard, 5.2). */
const UTF_8 = /^utf-?(8|16.*)$/i;

/** Many senders paste text into JSON by hand: raw line breaks and tabs are removed for a second try (measured). */
function jsonValue(body: string, { refuseJson }: ParseContext): Parsed {
  const first = tryJson(body);
  const read = first.ok ? first : tryJson(body.replace(/[\r\n\t]/g, ''));
  if (!read.ok) return fail(refuseJson(body));
  return isPlainObject(read.value) ? read : fail(jsonNoObject(kindOf(read.value)));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return `only ${value}`;
  return typeof value === 'string' ? 'a text' : 'a number';
}

function tryJson(body: string): Result<unknown, undefined> {
  try {
    return ok(parseJson(body));
  } catch {
    return fail(undefined);
  }
}

/** A root without anything in it is an empty lead, as `{}` is; the query beside it counts. */
function xmlValues(body: string): Parsed {
  const values = parseXml(body);
  if (!values.ok) return fail(unparsableXml(values.error));
  if (isPlainObject(values.value)) return values;
  return typeof values.value === 'string' && values.value.trim() === '' ? ok({}) : fail(xmlWithoutElements());
}
