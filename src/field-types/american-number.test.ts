import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { expect, it } from 'vitest';
import { createRandom } from '../../test/fuzz/random.ts';

import { isValidAmerican } from './american-number.ts';
import { readPhoneNumber } from './phone-number.ts';

/** A million takes a minute: `SLUICE_PHONE_CASES=1000000`. */
const CASES = Number(process.env['SLUICE_PHONE_CASES'] ?? 5_000);

it('finds valid what the library finds valid, for generated numbers of every area code', () => {
  const random = createRandom(20_261_127);
  const differing: string[] = [];
  for (let index = 0; index < CASES; index += 1) {
    const area = 200 + (index % 800);
    const national = `${area}${String(random.below(1e7)).padStart(7, '0')}`;
    const prefix = ['', '1', '+1'][index % 3] ?? '';
    const number = parsePhoneNumberFromString(`${prefix}${national}`, { defaultCountry: 'US', extract: false });
    const isAsInLibrary =
      number?.nationalNumber === national &&
      number.countryCallingCode === '1' &&
      number.isValid() === isValidAmerican(national);
    if (!isAsInLibrary) differing.push(`${prefix}${national}`);
  }
  expect(differing).toEqual([]);
});

it.each([
  ['2125550123', true],
  ['8095550123', true],
  ['9005550123', true],
  ['5005550123', true],
  ['2115550123', false],
  ['2121550123', false],
  ['9995550123', false],
])('%s: %s', (national, isValid) => {
  expect(readPhoneNumber(national)).toMatchObject({ national, isValid, callingCode: 1, country: 'US', areaLength: 3 });
});
