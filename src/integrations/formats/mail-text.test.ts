import { expect, it } from 'vitest';
import { formatMailServerUrl, parseMailServerUrl } from '../mail-server-url.ts';
import { formatMailAddress, parseMailAddress, parseMailAddresses } from './mail-text.ts';

it.each([
  ['ann@example.com', [['', 'ann@example.com']]],
  ['Ann Lee <ann@example.com>', [['Ann Lee', 'ann@example.com']]],
  [
    ' "Lee, Ann" <ann@example.com> ; bob@example.com,',
    [
      ['Lee, Ann', 'ann@example.com'],
      ['', 'bob@example.com'],
    ],
  ],
  ['zoë@exämple.de', [['', 'zoë@exämple.de']]],
  ['', []],
  [
    'ann@example.com,\nbob@example.com',
    [
      ['', 'ann@example.com'],
      ['', 'bob@example.com'],
    ],
  ],
])('%j is read as addresses', (text, expected) => {
  const parsed = parseMailAddresses(text);
  expect(parsed.ok && parsed.value.map(({ name, address }) => [name, address])).toEqual(expected);
});

it.each([
  'ann',
  'ann@',
  '@example.com',
  'a b@example.com',
  'ann@example.com bob@example.com',
  '<ann@example.com',
  'a@b@c',
])('%j is no address', (text) => {
  expect(parseMailAddresses(text).ok).toBe(false);
  expect(parseMailAddress(text)).toBeUndefined();
});

it.each([
  ['', 'ann@example.com'],
  ['Ann Lee', 'Ann Lee <ann@example.com>'],
  ['Lee, "Ann"', `"Lee, 'Ann'" <ann@example.com>`],
])('the name %j is shown as %s', (name, expected) => {
  expect(formatMailAddress({ name, address: 'ann@example.com' })).toBe(expected);
  expect(parseMailAddress(expected)?.address).toBe('ann@example.com');
});

it.each([
  ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, security: 'starttls' }],
  ['smtps://mail.example.com/', { host: 'mail.example.com', port: 465, security: 'tls' }],
  ['smtp://127.0.0.1:25?encryption=none', { host: '127.0.0.1', port: 25, security: 'none' }],
  ['smtp://[::1]:25', { host: '::1', port: 25, security: 'starttls' }],
  [
    'smtp://a%40b:p%3Aw@mail.example.com',
    { host: 'mail.example.com', port: 587, security: 'starttls', username: 'a@b', password: 'p:w' },
  ],
  ['http://mail.example.com', undefined],
  ['smtps://mail.example.com?encryption=none', undefined],
  ['smtp://mail.example.com/path', undefined],
  ['smtp://a%zz@mail.example.com', undefined],
  ['mail.example.com', undefined],
])('%s is read as a mail server', (text, expected) => {
  const server = parseMailServerUrl(text);
  expect(server).toEqual(expected);
  if (server) expect(formatMailServerUrl(server)).not.toContain('@');
});
