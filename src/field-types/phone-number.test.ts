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
