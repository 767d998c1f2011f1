import { keepWhole } from './aggregations.ts';
import type { FieldType } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { textOf } from './submitted.ts';

/** A secret. It has no `raw`, so that there is one copy to mask. */
export const credentialType: FieldType = {
  name: 'credential',
  isMaskable: true,
  components: [],
  operators: operatorPairs('equal', 'blank', 'includes', 'includedIn'),
  parse: (value) => richText(textOf(value), { masked: false, valid: true }),
  aggregate: keepWhole,
  examples: ['K7Q-2231'],
};
