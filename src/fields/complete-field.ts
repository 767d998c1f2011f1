import type { Field } from '../model/field.ts';
import type { FieldTypeName } from '../model/field-type.ts';

/** What a custom field is made of, of the right types. */
export interface GivenField {
  id: string;
  name: string;
  type: FieldTypeName;
  description?: string;
  aggregate?: boolean;
  masked?: boolean;
}

/** The definition of a custom field, with what was left out. */
export function completeField({ id, name, type, description, aggregate, masked }: GivenField): Field {
  return {
    id,
    name,
    type,
    ...(description === undefined ? {} : { description }),
    aggregate: aggregate ?? true,
    ...(masked === true ? { masked } : {}),
  };
}

/** Why a field cannot have this id, although it is well-formed; undefined: it can. */
export function findFieldIdFault(id: string): string | undefined {
  if (id === 'id' || id.startsWith('id.')) return 'Must not be id, which every lead has of its own.';
  // Such a name would reach into the objects that hold a lead's variables.
  const reserved = id.split('.').find((segment) => segment in Object.prototype);
  return reserved === undefined ? undefined : `Must not use the reserved name ${reserved}.`;
}
