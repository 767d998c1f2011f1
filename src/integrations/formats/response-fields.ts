import type { Vars } from '../../model/vars.ts';
import { flatten } from '../../variables/flatten.ts';
import { compileLookup, type Lookup } from '../../variables/lookup.ts';
import { PATH_SEGMENTS_MAX } from '../../variables/property-path.ts';
import { isPlainObject, normalOf } from '../../variables/rich-value.ts';
import { unflatten } from '../../variables/unflatten.ts';

/** What a sender gets unless the source lists other variables (spec api 4.2), in the order of the answer. */
export const DEFAULT_FIELD_IDS: readonly string[] = ['outcome', 'reason', 'lead.id', 'price'];

/**
 * The variables of an answer as plain nested values, in the order of the list. Missing and null ones are left out;
 * `price` is always there, 0 when it is not listed or has none. Numbers in a path are quoted:
 * `appended.42.score` is `{appended: {"'42'": {score: 9}}}` (fixture inbound-response.jsonl). Where one id lies below
 * another the upper one wins.
 */
export function pickFields(vars: Vars, fieldIds: readonly string[]): Record<string, unknown> {
  return unflatten(withPrice(pickFlat(vars, fieldIds)));
}

/** The same under their dotted names and without a price that is not there. */
export function pickFlat(vars: Vars, fieldIds: readonly string[]): Vars {
  const picked: Vars = {};
  for (const field of buildFields(fieldIds)) addPlain(picked, field.name, field.lookup(vars));
  return picked;
}

/** Every leaf of a variable under its dotted name, numbers quoted as in `pickFields`. */
export function pickLeaves(vars: Vars, name: string): Vars {
  const leaves: Vars = {};
  for (const [path, leaf] of Object.entries(flatten({ [name]: vars[name] }))) addPlain(leaves, quoted(path), leaf);
  return leaves;
}

export function withPrice(picked: Vars): Vars {
  return isPriced(picked['price']) ? picked : { ...picked, price: 0 };
}

function addPlain(picked: Vars, name: string, value: unknown): void {
  const plain = toPlain(value, 0);
  if (plain !== undefined) picked[name] = plain;
}

/** An invalid number is none. A text stays a text: it is what the pricing rule said. */
function isPriced(price: unknown): boolean {
  return price !== undefined && !Number.isNaN(price);
}

interface Field {
  /** The id with its numbers quoted. */
  name: string;
  lookup: Lookup;
}

/** Lists belong to a flow's configuration and live as long as it does; each is compiled once. */
const COMPILED = new WeakMap<readonly string[], readonly Field[]>();

function buildFields(fieldIds: readonly string[]): readonly Field[] {
  const known = COMPILED.get(fieldIds);
  if (known !== undefined) return known;
  const fields = fieldIds.map((id) => ({ name: quoted(id), lookup: compileLookup(id) }));
  COMPILED.set(fieldIds, fields);
  return fields;
}

const NUMBER_PART = /(?<=^|\.)\d+(?=\.|$)/g;

function quoted(path: string): string {
  return path.replace(NUMBER_PART, "'$&'");
}

/** A value without its riches; undefined for what an answer cannot carry. */
function toPlain(value: unknown, depth: number): unknown {
  const normal = normalOf(value);
  if (normal === null || typeof normal === 'function' || depth > PATH_SEGMENTS_MAX) return undefined;
  if (Array.isArray(normal)) return normal.map((member) => toPlain(member, depth + 1) ?? null);
  if (!isPlainObject(normal)) return normal;
  const plain: Record<string, unknown> = {};
  for (const key of Object.keys(normal)) {
    const member = toPlain(normal[key], depth + 1);
    if (member !== undefined) plain[key] = member;
  }
  return plain;
}
