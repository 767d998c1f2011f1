import { expect, it } from 'vitest';
import { compileTemplate } from './compile-template.ts';

const vars = {
  rawRequest: '{"q3_name":{"first":"Ana","last":"Ruiz"},"q5":["roof","windows"],"id":9007199254740993,"a.b":1}',
  broken: '{"a":',
};

it.each([
  ['{{json rawRequest path="q3_name.first"}}', 'Ana'],
  ['{{json rawRequest "q3_name.last"}}!', 'Ruiz!'],
  ['{{json rawRequest path="q5"}}', 'roof,windows'],
  ['{{json rawRequest path="q5.1"}}', 'windows'],
  ['{{json rawRequest path="id"}}', '9007199254740993'],
  ['{{#each (json rawRequest path="q5")}}<{{this}}>{{/each}}', '<roof><windows>'],
  ['{{uppercase (json rawRequest path="q3_name.first")}}', 'ANA'],
  ['{{json rawRequest path="nothing.here"}}', ''],
  ['{{json broken path="a"}}', ''],
  ['{{json missing path="a"}}', ''],
])('the helper json opens a text that is JSON: %s', (source, text) => {
  const compiled = compileTemplate(source);
  if (!compiled.ok) throw new Error(compiled.error.message);
  expect(compiled.value.render(vars, { now: 0, timeZone: 'UTC', random: () => 0 })).toBe(text);
});

it.each(['Hi {{1.3}}', 'Hi {{[1].[3]}}', 'Hi {{{ 1.3 }}}', '{{#if 1.3}}Hi {{1.3}}{{/if}}'])(
  'a field with a numbered name is read in a text: %s',
  (source) => {
    const compiled = compileTemplate(source);
    const values = { 1: { 3: 'Ana', 6: 'Ruiz' } };
    expect(compiled.ok && compiled.value.render(values, { now: 0, timeZone: 'UTC', random: () => 0 })).toBe('Hi Ana');
  },
);
