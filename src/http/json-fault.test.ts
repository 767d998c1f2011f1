import { describe, expect, it } from 'vitest';
import { jsonFault } from './json-fault.ts';

describe('jsonFault', () => {
  it.each([
    ['{"a": 1,}', '1:9 a name in double quotes'],
    ['{\n  "a": 1,\n}', '3:1 a name in double quotes'],
    ['[1, 2,]', '1:7 a value'],
    ['{"a": 1 "b": 2}', '1:9 "," or "}"'],
    ['[1 2]', '1:4 "," or "]"'],
    ['{"a" 1}', '1:6 ":"'],
    ['{a: 1}', '1:2 a name in double quotes or "}"'],
    ['[,1]', '1:2 a value or "]"'],
    ['{"a": tru}', '1:7 a value'],
    ['{"a": 01}', '1:8 "," or "}"'],
    ['{"a": \'x\'}', '1:7 a value'],
    ['{"a": "x\ny"}', '1:7 a text that is closed and escaped (\\n for a line break)'],
    ['{"a": "x', '1:7 a text that is closed and escaped (\\n for a line break)'],
    ['{"a": "\\x"}', '1:7 a text that is closed and escaped (\\n for a line break)'],
    ['{"a": "\\u12"}', '1:7 a text that is closed and escaped (\\n for a line break)'],
    ['{"name":', '1:9 a value'],
    ['[[1], {"a": []}', '1:16 "," or "]"'],
    ['{"a": 1} x', '1:10 the end'],
    ['// note\n{}', '1:1 a value'],
    ['{"a": [1}', '1:9 "," or "]"'],
  ])('%j', (text, expectedText) => {
    expect(() => JSON.parse(text)).toThrow();
    const { line, column, expected } = jsonFault(text);
    expect(`${line}:${column} ${expected}`).toBe(expectedText);
  });

  it('reads deep and long documents without recursion', () => {
    expect(jsonFault('['.repeat(1_000_000))).toEqual({ line: 1, column: 1_000_001, expected: 'a value or "]"' });
    expect(jsonFault(`["${'\\"x'.repeat(1_000_000)}" 1]`).expected).toBe('"," or "]"');
  });

  it('goes through everything that is JSON', () => {
    const text = `  ${JSON.stringify({ a: [1, -2.5e-7, 'é"\\\n\u0001', null, true, false, {}, []], b: { c: '' } }, null, 2)}\n`;
    expect(jsonFault(text).expected).toBe('the end');
    expect(jsonFault(text).line).toBe(text.split('\n').length);
  });
});
