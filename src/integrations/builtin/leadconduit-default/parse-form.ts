import { expandNames } from '../../../variables/expand-names.ts';
import { addParameter, eachParameter, type Parameters } from './parameters.ts';

/**
 * Reads a form body: repeated names make lists, then dotted names are nested (`a.b=1&a.c=2`, `list.0=x`) by the rules
 * of `expandNames`. A blank name is `0` (measured, fixture inbound.jsonl: `=x`). Brackets are literal.
 * undefined: more than PARAMETERS_MAX.
 */
export function parseForm(body: string): Record<string, unknown> | undefined {
  const parameters: Parameters = {};
  const isWhole = eachParameter(body, (name, value) => addParameter(parameters, name === '' ? '0' : name, value));
  return isWhole ? expandNames(parameters) : undefined;
}
