import { keepWhole } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['m', 'male'],
  ['male', 'male'],
  ['f', 'female'],
  ['female', 'female'],
  ['o', 'other'],
  ['other', 'other'],
]);

export const genderType: FieldType = {
  name: 'gender',
  isMaskable: false,
  components: [rawComponent, component('abbr', 'string', 'One letter: M, F or O')],
  operators: operatorPairs('equal', 'blank', 'format'),
  parse(value) {
    const raw = submitted(value);
    const text = textOf(raw);
    const name = NAMES.get(text.trim().toLowerCase());
    if (name === undefined) return richText(text, { raw, valid: false, abbr: null });
    return richText(name, { raw, valid: true, abbr: name.charAt(0).toUpperCase() });
  },
  aggregate: keepWhole,
  examples: ['male', 'F', 'other'],
};
