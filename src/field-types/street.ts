import { keepNothing } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

export const streetType: FieldType = {
  name: 'street',
  isMaskable: false,
  components: [
    rawComponent,
    component('number', 'string', 'The first word, which is the house number in most addresses'),
    component('name', 'string', 'Everything after the first word'),
  ],
  operators: operatorPairs('equal', 'blank', 'obscene', 'format', 'includes', 'includedIn', 'pattern'),
  parse(value) {
    const raw = textOf(submitted(value));
    const address = raw.trim();
    const gap = address.search(/\s/);
    if (gap === -1) return richText(raw, { raw, valid: false });
    return richText(address, { raw, number: address.slice(0, gap), name: address.slice(gap).trimStart(), valid: true });
  },
  aggregate: keepNothing,
  examples: ['1234 Main St', '12 Oak Ave Apt 4'],
};
