import { keepWhole } from './aggregations.ts';
import type { FieldType } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { textOf } from './submitted.ts';

/** The one type without a rich value: anything becomes a primitive text. */
export const stringType: FieldType = {
  name: 'string',
  isMaskable: false,
  components: [],
  operators: operatorPairs('equal', 'blank', 'obscene', 'includes', 'includedIn', 'pattern'),
  parse: (value) => textOf(value),
  aggregate: keepWhole,
  examples: ['any text'],
};
