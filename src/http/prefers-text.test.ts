import { expect, it } from 'vitest';
import { prefersText } from './prefers-text.ts';

it.each<[accept: string | undefined, isText: boolean]>([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['text/plain', true],
  ['TEXT/Plain; charset=utf-8', true],
  ['text/*', true],
  ['text/plain, */*', false],
  ['text/plain, */*;q=0.5', true],
  ['application/json, text/plain, */*', false],
  ['application/json;q=0.8, text/plain;q=0.9', true],
  ['text/plain;q=0, text/*', false],
  ['text/html,application/xhtml+xml,*/*;q=0.8', false],
  ['text/plain;q=nonsense', false],
  [`${'a/b,'.repeat(100)}text/plain`, false],
])('Accept: %s', (accept, isText) => {
  expect(prefersText(accept)).toBe(isText);
});
