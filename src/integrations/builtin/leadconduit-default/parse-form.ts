import { unflatten } from '../../../variables/unflatten.ts';
import { addParameter, eachParameter, type Parameters } from './parameters.ts';

/**
 * Reads a form body: repeated names make lists, then dotted names are nested (`a.b=1&a.c=2`, `list.0=x`) by the rules
 * of `unflatten`. A blank part of a name is the number 0 (measured, fixture inbound.jsonl: `=x`, `a..b=1`). Brackets
 * are literal. undefined: more than PARAMETERS_MAX.
 */
export function parseForm(body: string): Record<string, unknown> | undefined {
  const parameters: Parameters = {};
  let isNested = false;
  const isWhole = eachParameter(body, (written, value) => {
    const name = BLANK_PART.test(written) ? written.replace(BLANK_PARTS, '0') : written;
    isNested ||= name.includes('.');
    addParameter(parameters, name, value);
  });
  if (!isWhole) return undefined;
  return isNested ? unflatten(parameters) : parameters;
}

const BLANK_PART = /^(?:\.|$)|\.(?:\.|$)/;
const BLANK_PARTS = /(?<=^|\.)(?=\.|$)/g;
