import { normalizeKeepingPlaces } from '../../field-types/normalize-value.ts';
import { parseValue } from '../../field-types/parse-value.ts';
import type { StoredLead } from '../searched-fields.ts';

const TYPES: Readonly<Record<string, string>> = {
  first_name: 'first_name',
  address_1: 'street',
  city: 'city',
  state: 'state',
  postal_code: 'postal_code',
  email: 'email',
  phone_1: 'phone',
  phone_2: 'phone',
};

/** Values as the pipeline reads and stores them. */
export function storeLead(values: Readonly<Record<string, unknown>>): StoredLead {
  return Object.fromEntries(
    Object.entries(values).map(([id, value]) => [
      id,
      normalizeKeepingPlaces(parseValue(TYPES[id] ?? 'string', value, { now: 0, timeZone: 'UTC' })),
    ]),
  );
}
