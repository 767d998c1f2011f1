import type { FieldTypeName } from '../model/field-type.ts';
import type { OperatorName } from '../model/operator.ts';
import { keepWhole } from './aggregations.ts';
import { type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { textOf } from './submitted.ts';

/** Texts nothing is read from. A text stays the same primitive; anything else is invalid text. */
export const cityType: FieldType = freeText({
  name: 'city',
  operators: operatorPairs('equal', 'blank', 'obscene', 'format', 'includes', 'includedIn', 'pattern'),
  examples: ['Austin', 'New York'],
});

const NAME_OPERATORS = operatorPairs('equal', 'blank', 'obscene', 'format', 'pattern');

export const firstNameType: FieldType = freeText({
  name: 'first_name',
  operators: NAME_OPERATORS,
  examples: ['Maria', 'Jean-Luc'],
});

export const lastNameType: FieldType = freeText({
  name: 'last_name',
  operators: NAME_OPERATORS,
  examples: ['Okafor', 'de la Cruz'],
});

function freeText(row: { name: FieldTypeName; operators: OperatorName[]; examples: string[] }): FieldType {
  return {
    ...row,
    isMaskable: false,
    components: [rawComponent],
    parse: (value) => (typeof value === 'string' ? value : richText(textOf(value), { raw: value, valid: false })),
    aggregate: keepWhole,
  };
}
