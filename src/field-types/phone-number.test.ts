import { expect, it } from 'vitest';
import { findFieldType } from './field-types.ts';
import { normalizeValue } from './normalize-value.ts';

const phone = findFieldType('phone');
const read = (text: string) => normalizeValue(phone?.parse(text, { now: 0, timeZone: 'UTC' }));

it.each<[string, object]>([
  ['512.789.4321 ext. 12', { normal: '5127894321x12', extension: '12', number: '7894321' }],
  ['tel:+1-512-789-4321', { normal: '5127894321', raw: 'tel:+1-512-789-4321' }],
  ['(512)7894321 (c)', { normal: '5127894321', raw: '(512)7894321', type: 'mobile' }],
  ['1-800-FLOWERS', { normal: '8003569377', is_tollfree: true }],
  ['833-555-0199', { is_tollfree: false, valid: true }],
  ['+1 204 555 0188', { country_code: 'US', valid: true }],
  ['555-0143', { normal: '5550143', area: '***', exchange: '555', line: '0143', valid: false }],
  ['+44 20 7946 0958', { normal: '2079460958', area: '20', number: '79460958', country_code: 'GB' }],
  ['011 44 20 7946 0958', { normal: '2079460958', country_calling_code: 44 }],
  ['+44 7911 123456', { area: '***', number: '7911123456', valid: true }],
  ['+39 06 1234 5678', { area: '06', number: '12345678', country_code: 'IT' }],
  ['+34 912 34 56 78', { area: '***', country_code: 'ES' }],
  ['+44 20 **** ****', { normal: '20********', masked: true, valid: true }],
  ['+52 55 1234 5678', { area: '55', number: '12345678', country_code: 'MX' }],
  ['+54 11 2345-6789', { area: '11', number: '23456789', country_code: 'AR' }],
  ['+54 9 11 2345-6789', { area: '911', number: '23456789', valid: true }],
  ['+62 812 3456 7890', { area: '812', country_code: 'ID' }],
  ['+86 138 0013 8000', { area: '***', country_code: 'CN' }],
  ['+33 1 23 45 67 89', { area: '1', number: '23456789', country_code: 'FR', country_calling_code: 33 }],
  ['0044 20 7946 0958', { valid: false, country_code: 'US' }],
  ['(***) ***-4321', { normal: '******4321', area: '***', exchange: '***', line: '4321', masked: true, valid: true }],
  ['512-789-**** x12', { normal: '512789****x12', extension: '12', masked: true }],
  ['5127894321 (M)', { raw: '5127894321 (M)', type: null, valid: true }],
  ['5127894321 m ', { raw: '5127894321', type: 'mobile' }],
  ['5127894321 x 44 w', { normal: '5127894321x44', raw: '5127894321 x 44', type: 'work' }],
  ['5127894321x', { normal: '5127894321', extension: null, valid: true }],
  ['866 555 0199', { is_tollfree: true }],
  ['822 555 0199', { is_tollfree: false, valid: false }],
  ['+44 800 555 0199', { is_tollfree: false, country_code: 'GB' }],
  ['x5127894321', { normal: '5127894321', extension: null }],
  ['5127894321;ext=7', { normal: '5127894321x7', area: '512' }],
  ['512-789-4321 Ext: 12#', { normal: '5127894321x12' }],
  ['abc', { normal: 'ab', raw: 'ab', type: 'mobile', valid: false }],
  ['512-789-4321; 512-789-4322', { valid: false, normal: '512-789-4321; 512-789-4322' }],
  ['12345678901234567890', { valid: false, normal: '12345678901234567890' }],
  ['5', { valid: false }],
])('%s', (text, expected) => {
  expect(read(text)).toMatchObject(expected);
});
