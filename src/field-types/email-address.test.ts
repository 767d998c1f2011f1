import { expect, it } from 'vitest';
import { readEmailAddress } from './email-address.ts';

it.each<[string, string, string]>([
  ['ann@example.com', 'ann', 'example.com'],
  ["o'neil+tag@Example.co.uk", "o'neil+tag", 'Example.co.uk'],
  ['nobody@localhost', 'nobody', 'localhost'],
  ['x@192.0.2.10', 'x', '192.0.2.10'],
  ['x@[192.0.2.10]', 'x', '[192.0.2.10]'],
  ['ann @ example . com', 'ann', 'example.com'],
  ['(home) ann(a (nested) comment)@example.com', 'ann', 'example.com'],
  ['"Ray, Ann" <ann@example.com>', 'ann', 'example.com'],
  ['Dr. Ann B. Ray <ann@example.com>', 'ann', 'example.com'],
  ['<ann@example.com>', 'ann', 'example.com'],
  ['Friends: Ann <ann@example.com>;', 'ann', 'example.com'],
  ['"a@b \\" c"@example.com', '"a@b \\" c"', 'example.com'],
])('%s is an address', (text, user, domain) => {
  expect(readEmailAddress(text)).toEqual({ user, domain });
});

it.each([
  '',
  '@',
  'ann',
  'ann@',
  '@example.com',
  'ann@@example.com',
  '.ann@example.com',
  'ann.@example.com',
  'ann@example..com',
  'ann@example.com.',
  'ann ray@example.com',
  'a@b.co, c@d.co',
  'a@b.co c@d.co',
  'a@b.co;',
  '<ann@example.com',
  'ann@example.com>',
  '<<ann@example.com>>',
  'Friends: a@b.co, c@d.co;',
  '"ann@example.com',
  'ann@example.com (open',
  'jos\u00e9@example.com',
  'ann@example.com\0',
])('%j is none', (text) => {
  expect(readEmailAddress(text)).toBeUndefined();
});
