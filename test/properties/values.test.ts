import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFieldType } from '../../src/field-types/field-types.ts';
import { parseValue } from '../../src/field-types/parse-value.ts';
import { FIELD_TYPE_NAMES } from '../../src/model/field-type.ts';
import { isRichValue, normalOf } from '../../src/variables/rich-value.ts';

const CTX = { now: 1_500_000_000_000, timeZone: 'America/Chicago' };

describe.each(FIELD_TYPE_NAMES)('%s', (type) => {
  const pieces = fc.constantFrom(...(findFieldType(type)?.examples ?? ['x']), ' ', '-', '.', '@', '5', '$', 'x');
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 3 }).map((each) => each.join('')),
    fc.string(),
  );

  it('reads its own normal form of a valid value as the same', () => {
    fc.assert(
      fc.property(text, (submitted) => {
        const value = parseValue(type, submitted, CTX);
        if (!isRichValue(value) || value.valid !== true) return;
        const again = parseValue(type, normalOf(value), CTX);
        expect(normalOf(again)).toEqual(normalOf(value));
        expect(again).toHaveProperty('valid', true);
      }),
      { numRuns: 300 },
    );
  });
});
