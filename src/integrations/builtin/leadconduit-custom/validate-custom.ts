import type { Vars } from '../../../model/vars.ts';
import { flatten } from '../../../variables/flatten.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../formats/delivery-url.ts';
import { mappedHeaders } from './request-headers.ts';
import { searchPatternProblem } from './search-pattern.ts';

/** What one custom module demands of its variables. */
export interface CustomDemands {
  /** Methods a step may choose; undefined: the module has only one and ignores the variable. */
  methods?: readonly string[];
  /** What a mapped Content-Type must contain; null: none may be mapped. */
  contentType: RegExp | null;
}

/** Why a delivery must not be tried, in the measured order and words (spec modules c2); undefined: go. */
export function validateCustom(
  vars: Vars,
  demands: CustomDemands,
  allowsPrivateHosts: AllowsPrivateHosts,
): string | undefined {
  return (
    deliveryUrlProblem(textOf(vars['url']), allowsPrivateHosts) ??
    methodProblem(vars, demands) ??
    onMatchProblem(vars) ??
    headerProblem(vars, demands) ??
    patternProblem(vars)
  );
}

function methodProblem(vars: Vars, { methods }: CustomDemands): string | undefined {
  const method = textOf(vars['method']);
  if (!methods || method === '' || methods.includes(method.toUpperCase())) return undefined;
  return `Unsupported HTTP method - use ${methods.join(', ')}`;
}

const OUTCOMES = new Set(['', 'success', 'failure', 'error']);

/** What is wrong with the outcome of a match; undefined: nothing. */
export function onMatchProblem(vars: Vars): string | undefined {
  if (OUTCOMES.has(textOf(vars['outcome_on_match']))) return undefined;
  return "Outcome on match must be 'success', 'failure', or 'error'";
}

function headerProblem(vars: Vars, { contentType }: CustomDemands): string | undefined {
  const headers = new Map(mappedHeaders(vars).map(([name, value]) => [name.toLowerCase(), value]));
  if (headers.has('content-length')) return 'Content-Length header is not allowed';
  if (headers.has('accept')) return 'Accept header is not allowed';
  const mapped = headers.get('content-type');
  if (mapped === undefined || contentType?.test(mapped)) return undefined;
  return 'Invalid Content-Type header value';
}

/** Ours, not measured: JavaScript would run these, we cannot, and a term that never matches sells no leads (decision 20). */
export function patternProblem(vars: Vars): string | undefined {
  const captures = isPlainObject(vars['capture']) ? Object.entries(flatten(vars['capture'])) : [];
  const named: [string, unknown][] = [
    ['outcome_search_term', vars['outcome_search_term']],
    ['cookie_search_term', vars['cookie_search_term']],
    ...captures.map(([name, pattern]): [string, unknown] => [`capture.${name}`, pattern]),
  ];
  for (const [name, pattern] of named) {
    const problem = searchPatternProblem(textOf(pattern));
    if (problem !== undefined) return `Pattern ${name} cannot be used: ${problem}`;
  }
  return undefined;
}
