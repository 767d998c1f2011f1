import { expect, it } from 'vitest';
import { ipType } from './ip.ts';
import { normalizeValue } from './normalize-value.ts';

const read = (text: string) => normalizeValue(ipType.parse(text, { now: 0, timeZone: 'UTC' }));

it.each<[text: string, normal: string, v6: string]>([
  ['192.0.2.1:8080', '192.0.2.1', 'ffff::c000:201'],
  ['192.0.2.1/24', '192.0.2.1', 'ffff::c000:201'],
  ['http://192.0.2.010:80/path?x#y', '192.0.2.8', 'ffff::c000:208'],
  ['0.0.0.5', '0.0.0.5', 'ffff::5'],
  ['0.0.0.0', '0.0.0.0', 'ffff::'],
  ['[2001:db8::1]:80', '2001:db8::1', '2001:db8::1'],
  ['2001:DB8::1/64', '2001:db8::1', '2001:db8::1'],
  ['::ffff:192.0.2.1', '::ffff:c000:201', '::ffff:c000:201'],
])('%s is %s', (text, normal, v6) => {
  expect(read(text)).toMatchObject({ normal, ipv6_format: v6, raw: text, valid: true });
});

it.each([
  '',
  '[',
  '[]',
  '192.0.2',
  '192.0.2.08',
  '256.1.1.1',
  '1.1.1.1:99999',
  '3232235777',
  'fe80::1%eth0',
  '10.0.0.1, 192.0.2.1',
  '::1]@[x',
])('%j is no address', (text) => {
  expect(read(text)).toEqual({ normal: text, raw: text, valid: false });
});
