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
 * Variables as rules and templates meet them: each value read as the type given for its path, else, under `lead`, as
 * the type of its field. The body that brought them was checked for its depth.
 */
export function typedVars(vars: Vars, typing: Typing): Vars {
  return typedMembers(vars, { prefix: '', typing });
}

function typedMembers(from: Vars, at: { prefix: string; typing: Typing }): Vars {
  const members = Object.entries(from).map(([name, value]): [string, unknown] => {
    const path = `${at.prefix}${name}`;
    if (isPlainObject(value)) return [name, typedMembers(value, { ...at, prefix: `${path}.` })];
    const type = typeOf(path, at.typing);
    return [name, type === undefined ? value : parseValue(type, value, at.typing.ctx)];
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
