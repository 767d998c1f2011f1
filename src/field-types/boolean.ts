import { normalOf } from '../variables/rich-value.ts';
import { keepNormal } from './aggregations.ts';
import type { FieldType } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richBoolean } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

/** Anything else is false and invalid. */
const MEANINGS: ReadonlyMap<string, boolean> = new Map([
  ['y', true],
  ['yes', true],
  ['t', true],
  ['true', true],
  ['1', true],
  ['n', false],
  ['no', false],
  ['f', false],
  ['false', false],
  ['0', false],
]);

export const booleanType: FieldType = {
  name: 'boolean',
  isMaskable: false,
  components: [],
  operators: operatorPairs('true', 'false', 'blank', 'format'),
  parse(value) {
    const meaning = MEANINGS.get(normaliseWord(value));
    return richBoolean(meaning ?? false, { valid: meaning !== undefined, raw: submitted(value) });
  },
  aggregate: keepNormal,
  examples: ['yes', 'no', 'true', '0'],
};

/** Of a text only letters and digits count: `"Yes!"` is yes. The number -1 is no 1. */
function normaliseWord(value: unknown): string {
  const text = textOf(value);
  return typeof normalOf(value) === 'number' ? text : text.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
