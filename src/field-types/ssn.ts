import { keepNothing } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

const DIGITS = 9;

export const ssnType: FieldType = {
  name: 'ssn',
  isMaskable: true,
  components: [
    rawComponent,
    component('first_three', 'string', 'The area number, digits 1 to 3'),
    component('middle_two', 'string', 'The group number, digits 4 and 5'),
    component('last_four', 'number', 'The serial number, digits 6 to 9'),
  ],
  operators: operatorPairs('equal', 'blank', 'format', 'includes', 'includedIn'),
  parse(value) {
    const raw = textOf(submitted(value));
    const digits = raw.replace(/\D/g, '');
    if (digits.length !== DIGITS) return richText(textOf(value), { raw, masked: false, valid: false });
    return richText(digits, {
      raw,
      first_three: digits.slice(0, 3),
      middle_two: digits.slice(3, 5),
      last_four: digits.slice(5),
      masked: false,
      valid: true,
    });
  },
  aggregate: keepNothing,
  examples: ['123-45-6789', '123456789'],
};
