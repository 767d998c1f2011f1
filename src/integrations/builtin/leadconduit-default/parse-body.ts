import { parseJson } from '../../../lib/parse-json.ts';
import { fail, ok, type Result } from '../../../lib/result.ts';
import type { HttpAnswer, InboundRequest } from '../../contract.ts';
import { type MediaType, negotiate } from './negotiate.ts';
import { parseForm } from './parse-form.ts';
import { parseXml } from './parse-xml.ts';
import {
  contentTypeRequired,
  contentTypeUnsupported,
  tooManyParameters,
  unparsableJson,
  unparsableXml,
} from './refusals.ts';

type Parsed = Result<unknown, HttpAnswer>;

/** Says that a body is no JSON; the one thing in which modules differ. */
export type RefuseJson = (body: string) => HttpAnswer;

/** What a POST without a body carries beside its query. */
export const NO_BODY = undefined;

/**
 * Reads the body of a POST by its Content-Type: any JSON value, an object from a form or from XML, `NO_BODY` when
 * there is none, or the refusal (spec modules b, in its order of checks). A body exists when the request has a
 * Content-Length, even 0, or the transfer coding `chunked`; one of white space alone counts as none.
 */
export function parseBody(request: InboundRequest, refuseJson: RefuseJson = unparsableJson): Parsed {
  const { headers } = request;
  if (headers['Content-Length'] === undefined && headers['Transfer-Encoding'] !== 'chunked') return ok(NO_BODY);
  const contentType = headers['Content-Type'];
  if (contentType === undefined || contentType === '') return fail(contentTypeRequired());
  const mediaType = negotiate(contentType);
  if (mediaType === undefined) return fail(contentTypeUnsupported());
  // Trimming also removes a byte order mark.
  const body = request.body.trim();
  return body === '' ? ok(NO_BODY) : PARSERS[mediaType](body, refuseJson);
}

const PARSERS: Record<MediaType, (body: string, refuseJson: RefuseJson) => Parsed> = {
  'application/x-www-form-urlencoded': formValues,
  'application/json': jsonValue,
  'application/xml': xmlValues,
  'text/xml': xmlValues,
};

function formValues(body: string): Parsed {
  const values = parseForm(body);
  return values === undefined ? fail(tooManyParameters()) : ok(values);
}

/** Many senders paste text into JSON by hand: raw line breaks and tabs are removed for a second try (measured). */
function jsonValue(body: string, refuseJson: RefuseJson): Parsed {
  const first = tryJson(body);
  if (first.ok) return first;
  const second = tryJson(body.replace(/[\r\n\t]/g, ''));
  return second.ok ? second : fail(refuseJson(body));
}

function tryJson(body: string): Result<unknown, undefined> {
  try {
    return ok(parseJson(body));
  } catch {
    // Why it failed is not said: the measured answer echoes the body instead of the position.
    return fail(undefined);
  }
}

function xmlValues(body: string): Parsed {
  const values = parseXml(body);
  return values.ok ? values : fail(unparsableXml(values.error));
}
