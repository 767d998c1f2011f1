import type { DecodeBytes } from '../../lib/charset.ts';
import { keepBeside } from '../../variables/branched-value.ts';
import { expandNames } from '../../variables/expand-names.ts';
import { addParameter, eachParameter, type Parameters } from './parameters.ts';

/**
 * Reads a form body: repeated names make lists, then dotted names are nested (`a.b=1&a.c=2`, `list.0=x`) by the rules
 * of `expandNames`. A blank name is `0` (measured, fixture inbound.jsonl: `=x`). Brackets are literal here; hygiene nests
 * them. Of a name that is also a branch (`a=1&a.b=2`) the values show `a` alone, as measured; `a.b` is kept beside them.
 * undefined: more than PARAMETERS_MAX.
 *
 * @param decodeBytes reads percent-encoded bytes in another encoding than UTF-8
 */
export function parseForm(body: string, decodeBytes?: DecodeBytes): Record<string, unknown> | undefined {
  const parameters: Parameters = {};
  const take = (name: string, value: string) => addParameter(parameters, name === '' ? '0' : name, value);
  const isWhole = eachParameter(body, take, decodeBytes);
  if (!isWhole) return undefined;
  const beside: Parameters = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (!isBelowAnother(name, parameters)) continue;
    beside[name] = value;
    delete parameters[name];
  }
  const values = expandNames(parameters, { brackets: 'literal' });
  keepBeside(values, beside);
  return values;
}

/** Is a beginning of this dotted name a name itself? */
function isBelowAnother(name: string, parameters: Parameters): boolean {
  // Names of more parts are refused behind this, so that the loop is bounded by the name's length.
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    if (Object.hasOwn(parameters, name.slice(0, dot))) return true;
  }
  return false;
}
