import { keepNormal } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { STATES } from './states.ts';
import { submitted, textOf } from './submitted.ts';

export const stateType: FieldType = {
  name: 'state',
  isMaskable: false,
  components: [rawComponent, component('name', 'string', 'The full name: Texas')],
  operators: operatorPairs('equal', 'blank', 'obscene', 'includes', 'includedIn'),
  parse(value) {
    const raw = textOf(submitted(value));
    const code = findCode(raw);
    // Always valid, and an unknown state is kept as it is (spec modules d, measured): there is no format operator.
    if (code === undefined) return richText(textOf(value), { raw, name: raw, valid: true });
    return richText(code, { raw, name: STATES.get(code), valid: true });
  },
  aggregate: keepNormal,
  examples: ['TX', 'texas', 'Ontario'],
};

const CODES_BY_NAME: ReadonlyMap<string, string> = new Map([...STATES].map(([code, name]) => [name, code]));
const NAME_LENGTH_MAX = Math.max(...[...STATES.values()].map((name) => name.length));

function findCode(text: string): string | undefined {
  if (text.length > NAME_LENGTH_MAX) return undefined;
  const code = text.toUpperCase();
  if (STATES.has(code)) return code;
  return CODES_BY_NAME.get(text.toLowerCase().split(' ').map(capitalize).join(' '));
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
