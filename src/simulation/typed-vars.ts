import { parseValue } from '../field-types/parse-value.ts';
import { findField } from '../fields/find-field.ts';
import type { Field } from '../model/field.ts';
import type { FieldTypeName } from '../model/field-type.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { isPlainObject } from '../variables/rich-value.ts';

export interface Typing {
  /** By the path of the variable. */
  types: ReadonlyMap<string, FieldTypeName>;
  customFields: readonly Field[];
  ctx: EvaluationContext;
}

/**
 * Types variables as rules and templates see them: each value is read as the type given for its path, else, under
 * `lead`, as the type of its field. The depth of the body has been checked.
 */
export function typedVars(vars: Vars, typing: Typing): Vars {
  return typedMembers(vars, { prefix: '', typing });
}

function typedMembers(from: Vars, place: { prefix: string; typing: Typing }): Vars {
  const members = Object.entries(from).map(([name, value]): [string, unknown] => {
    const path = `${place.prefix}${name}`;
    if (isPlainObject(value)) return [name, typedMembers(value, { ...place, prefix: `${path}.` })];
    const type = typeOf(path, place.typing);
    return [name, type === undefined ? value : parseValue(type, value, place.typing.ctx)];
  });
  // fromEntries defines own properties, so a strange name stays data.
  return Object.fromEntries(members);
}

function typeOf(path: string, { types, customFields }: Typing): string | undefined {
  const given = types.get(path);
  if (given !== undefined || !path.startsWith(LEAD)) return given;
  return findField(path.slice(LEAD.length), customFields)?.type;
}

const LEAD = 'lead.';
