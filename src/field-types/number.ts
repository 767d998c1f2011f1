import { keepNormal } from './aggregations.ts';
import type { FieldType } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richNumber } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

export const numberType: FieldType = {
  name: 'number',
  isMaskable: false,
  components: [],
  operators: operatorPairs('equal', 'compare', 'blank', 'format', 'includes', 'includedIn', 'between'),
  parse(value) {
    const normal = numberIn(value);
    return richNumber(normal, { valid: !Number.isNaN(normal), raw: submitted(value) });
  },
  aggregate: keepNormal,
  examples: ['5', '$1,000.00', '-12.5'],
};

/** NaN when there is none. Currency, units and thousands separators are ignored: `$1,000.50` is 1000.5. */
function numberIn(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value !== 'string' && !(value instanceof String) && !(value instanceof Number)) return Number.NaN;
  const digits = textOf(value).replace(/[^\d.-]/g, '');
  return digits === '' ? Number.NaN : Number(digits);
}
