import { assert } from '../lib/assert.ts';
import type { Field } from '../model/field.ts';
import { FIELD_TYPE_NAMES } from '../model/field-type.ts';
import rows from './standard-fields.json' with { type: 'json' };

/** The fields that are built in, by id, in the order of their ids (spec behaviour 8). They cannot be changed. */
export const STANDARD_FIELDS: ReadonlyMap<string, Field> = new Map(
  rows.map((row) => {
    const type = [...FIELD_TYPE_NAMES, 'array' as const].find((name) => name === row.type);
    assert(type !== undefined, `the standard field ${row.id} has the unknown type ${row.type}`);
    return [row.id, { ...row, type, description: sentenceCase(row.name), standard: true }];
  }),
);

/** `First Name` reads `First name` in a description, as in the sample of seed 002; words in capitals stay. */
function sentenceCase(label: string): string {
  return label
    .split(' ')
    .map((word, index) => (index > 0 && /^[A-Z][a-z]+$/.test(word) ? word.toLowerCase() : word))
    .join(' ');
}
