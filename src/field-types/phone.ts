import { keepOnly } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { type PhoneReading, readPhoneNumber } from './phone-number.ts';
import { type Properties, richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

export const phoneType: FieldType = {
  name: 'phone',
  isMaskable: false,
  components: [
    rawComponent,
    component(
      'area',
      'string',
      'The area code; abroad the first group of the number as it is written; *** when unknown',
    ),
    component('exchange', 'string', 'The three digits after the area code'),
    component('line', 'string', 'The last four digits'),
    component('number', 'string', 'The number without its area code'),
    component('extension', 'string', 'The digits behind x, ext or extension'),
    component('country_code', 'string', 'The two-letter code of the main country of the calling code; US for +1'),
    component('country_calling_code', 'number', 'The number to dial before the national number'),
    component('type', 'string', 'home, work or mobile, from a letter behind the number: 5127894321 w'),
    component('is_tollfree', 'boolean', 'Is the call free for the caller?'),
  ],
  operators: operatorPairs('equal', 'blank', 'format', 'includes', 'includedIn'),
  parse(value) {
    const { raw, type } = withoutHint(textOf(submitted(value)));
    const reading = readPhoneNumber(raw);
    if (reading === undefined) return richText(raw, { raw, ...(type && { type }), valid: false });
    const { national, extension } = reading;
    return richText(extension === null ? national : `${national}x${extension}`, {
      raw,
      ...splitNumber(reading),
      extension,
      country_code: reading.country,
      country_calling_code: reading.callingCode,
      ...(reading.isMasked && { masked: true }),
      is_tollfree: TOLL_FREE.has(national.slice(0, reading.areaLength)),
      type: type ?? null,
      valid: reading.isValid,
    });
  },
  aggregate: keepOnly('type', 'country_code', 'country_calling_code', 'area', 'exchange', 'is_tollfree'),
  examples: ['(512) 789-4321', '1.512.789.4321 x12', '+44 20 7946 0958'],
};

/** By the area alone, in any country; not 833 and 822 (spec modules d, measured). */
const TOLL_FREE: ReadonlySet<string> = new Set(['800', '844', '855', '866', '877', '888']);

const TYPES: ReadonlyMap<string, string> = new Map([
  ['h', 'home'],
  ['w', 'work'],
  ['c', 'mobile'],
  ['m', 'mobile'],
]);

/** A hint is looked for in the last characters only: the pattern takes quadratic time. */
const HINT_LENGTH_MAX = 16;
const HINT = /\s*(?:\(([hwcm])\)|([hwcm]))\s*$/;

/** `5127894321 w` is the number and `work`; the hint is no part of `raw`. */
function withoutHint(text: string): { raw: string; type: string | undefined } {
  const match = HINT.exec(text.slice(-HINT_LENGTH_MAX));
  if (match === null) return { raw: text, type: undefined };
  return { raw: text.slice(0, -match[0].length), type: TYPES.get(match[1] ?? match[2] ?? '') };
}

const UNKNOWN_AREA = '***';

/** Exchange and line exist in the North American plan only; a number of another length is cut as if local. */
function splitNumber({ national, areaLength, callingCode }: PhoneReading): Properties {
  const area = areaLength > 0 ? national.slice(0, areaLength) : UNKNOWN_AREA;
  const local = national.slice(areaLength);
  if (callingCode !== 1) return { area, exchange: undefined, line: undefined, number: local };
  return { area, exchange: local.slice(0, 3), line: local.slice(3, 7), number: local.slice(0, 7) };
}
