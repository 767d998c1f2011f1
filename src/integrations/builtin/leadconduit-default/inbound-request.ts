import { fail, ok, type Result } from '../../../lib/result.ts';
import { isPlainObject } from '../../../variables/rich-value.ts';
import type { HttpAnswer, InboundRequest } from '../../contract.ts';
import { findBreach } from '../../formats/bounds.ts';
import { mergeQuery } from '../../formats/merge-query.ts';
import { negotiate } from '../../formats/negotiate.ts';
import { parseQuery } from '../../formats/parameters.ts';
import { NO_BODY, parseBody } from '../../formats/parse-body.ts';
import {
  invalidRedirect,
  methodNotAllowed,
  notAcceptable,
  redirectNotListed,
  tooManyParameters,
} from '../../formats/refusals.ts';
import { parseTarget } from '../../formats/target.ts';
import { isRedirectHost, isRedirectUrl, readRedirect } from './redirect.ts';
import { renameTrustedForm } from './trusted-form.ts';

/**
 * Reads a submission or a ping: the values as sent, names unchanged, or the refusal to answer with (spec modules b,
 * the first failing check wins). Never throws.
 */
export function readRequest(request: InboundRequest): Result<unknown, HttpAnswer> {
  const method = request.method.toUpperCase();
  if (method !== 'GET' && method !== 'POST') return fail(methodNotAllowed(method));
  if (negotiate(request.headers['Accept']) === undefined) return fail(notAcceptable());
  const target = parseTarget(request.uri);
  const query = parseQuery(target.query);
  if (query === undefined) return fail(tooManyParameters());
  const redirect = readRedirect(query);
  if (redirect !== undefined && !isRedirectUrl(redirect)) return fail(invalidRedirect());
  if (redirect !== undefined && !isRedirectHost(redirect, request.redirectHosts)) return fail(redirectNotListed());

  renameTrustedForm(query, target.kind);
  const body = method === 'POST' ? parseBody(request) : ok(NO_BODY);
  if (!body.ok) return body;
  const submitted = body.value === NO_BODY ? query : mergeQuery(body.value, query);
  const breach = findBreach(submitted);
  if (breach !== undefined) return fail(breach);
  if (isPlainObject(submitted)) renameTrustedForm(submitted, target.kind);
  return ok(submitted);
}
