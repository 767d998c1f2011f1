import { expect, it } from 'vitest';
import { compileTemplate } from './compile-template.ts';

const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
const vars = {
  lead: { name: 'Ann" <eve@example.com>, "B', email: 'ann@example.com;eve@example.com\r\n' },
  two: ['a@b.c', 'd@e.f'],
};

it.each([
  ['"{{lead.name}}" <sales@example.com>', '"Ann eve@example.com B" <sales@example.com>'],
  ['{{lead.email}}', 'ann@example.com eve@example.com '],
  ['{{#each two}}{{this}}, {{/each}}', 'a@b.c, d@e.f, '],
])('a value adds no address: %s', (source, expected) => {
  const template = compileTemplate(source, { writes: 'addresses' });
  if (!template.ok) throw new Error(template.error.message);
  expect(template.value.render(vars, ctx).replace(/ +/g, ' ')).toBe(expected);
});
