/** The data types a field can have, in the order of the reference (spec api 11.1, behaviour 7). */
export const FIELD_TYPE_NAMES = [
  'boolean',
  'city',
  'credential',
  'date',
  'dob',
  'email',
  'first_name',
  'gender',
  'ip',
  'last_name',
  'number',
  'phone',
  'postal_code',
  'range',
  'ssn',
  'state',
  'street',
  'string',
  'time',
  'trustedform_url',
  'url',
] as const;

export type FieldTypeName = (typeof FIELD_TYPE_NAMES)[number];
