import { describe, expect, it } from 'vitest';
import { writeXml } from './write-xml.ts';

describe('writeXml', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['nothing', {}, '<r/>'],
    ['nested values', { a: { b: 1, c: true } }, '<r>\n  <a>\n    <b>1</b>\n    <c>true</c>\n  </a>\n</r>'],
    ['lists', { a: ['x', { b: 1 }] }, '<r>\n  <a>x</a>\n  <a>\n    <b>1</b>\n  </a>\n</r>'],
    ['empty texts and missing values', { a: '', b: null, c: undefined, d: {} }, '<r>\n  <a/>\n  <d/>\n</r>'],
    ['markup', { a: 'x & "y" <z>\r\n' }, '<r>\n  <a>x &amp; "y" &lt;z&gt;&#xD;\n</a>\n</r>'],
    ['what XML has no character for', { a: 'x\u0000\ud800\u{1f600}' }, '<r>\n  <a>x\u{1f600}</a>\n</r>'],
    ['names that are none', { 'a b><c': 1, '': 2 }, '<r>\n  <a_b__c>1</a_b__c>\n  <_>2</_>\n</r>'],
    ['quoted numbers, as measured', { "'42'": { score: 9 } }, "<r>\n  <'42'>\n    <score>9</score>\n  </'42'>\n</r>"],
  ])('%s', (_name, values, xml) => {
    expect(writeXml('r', values)).toBe(`<?xml version="1.0"?>\n${xml}`);
  });
});
