import { normalOf } from '../variables/rich-value.ts';
import { keepNormal } from './aggregations.ts';
import type { FieldType } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richNumber } from './rich-value.ts';
import { submitted } from './submitted.ts';

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

/** NaN when there is none, or none JSON can carry. Currency and separators are ignored: `$1,000.50` is 1000.5. */
function numberIn(value: unknown): number {
  const normal = normalOf(value);
  if (typeof normal !== 'number' && typeof normal !== 'string') return Number.NaN;
  const digits = typeof normal === 'string' ? normal.replace(/[^\d.-]/g, '') : normal;
  const number = digits === '' ? Number.NaN : Number(digits);
  return Number.isFinite(number) ? number : Number.NaN;
}
