import { expect, it } from 'vitest';
import { parseFullName } from './parse-full-name.ts';

it.each([
  ['Ann', ['', 'Ann', '', '', '']],
  ['Ann Ray', ['', 'Ann', '', 'Ray', '']],
  ['  Ann   B.  Ray ', ['', 'Ann', 'B.', 'Ray', '']],
  ['Dr. Ann B. Ray Jr.', ['Dr.', 'Ann', 'B.', 'Ray', 'Jr']],
  ['Mr John Smith III', ['Mr', 'John', '', 'Smith', 'III']],
  ['Juan de la Cruz', ['', 'Juan', '', 'de la Cruz', '']],
  ['Ann Maria van der Berg', ['', 'Ann', 'Maria', 'van der Berg', '']],
  ['Bob & Sue Jones', ['', 'Bob Sue', '&', 'Jones', '']],
  ['Ray, Ann B.', ['', 'Ann', 'B.', 'Ray', '']],
  ['Ann Ray, Jr.', ['', 'Ann', '', 'Ray', 'Jr']],
  ['Dr', ['', 'Dr', '', '', '']],
  ['', ['', '', '', '', '']],
])('%j is taken apart', (text, parts) => {
  expect(Object.values(parseFullName(text))).toEqual(parts);
});
