import { expect, it } from 'vitest';
import { readFrontMatter } from './front-matter.ts';

it.each([
  ['---\nname: Form\ntag: Code\n---\nBody.\n\nMore.\n', { name: 'Form', tag: 'Code' }, 'Body.\n\nMore.'],
  ['---\r\nname: "A: b"\r\n---\r\nx', { name: 'A: b' }, 'x'],
  ["---\nname: 'A'\nlink: https://a.example.com/#b\n---\n", { name: 'A', link: 'https://a.example.com/#b' }, ''],
  ['No head\n---\n', {}, 'No head\n---'],
  ['---\nname: never closed\n', {}, '---\nname: never closed'],
  ['', {}, ''],
])('%j', (page, keys, body) => {
  const read = readFrontMatter(page);
  expect({ ...read.keys }).toEqual(keys);
  expect(read.body).toBe(body);
});

it('takes no key for more than a name', () => {
  expect(Object.getPrototypeOf(readFrontMatter('---\n__proto__: x\n---\n').keys)).toBeNull();
});
