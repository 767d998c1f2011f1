import { expect, it } from 'vitest';
import { parseThresholds } from './parse-thresholds.ts';

it.each([
  [['100', '80 %', '80'], { ok: true, value: [80, 100] }],
  [[], { ok: false, fault: 'Write 1 to 5 percentages.' }],
  [['80', '0'], { ok: false, fault: '"0" is no whole number from 1 to 100.' }],
  [['12.5'], { ok: false, fault: '"12.5" is no whole number from 1 to 100.' }],
  [['101'], { ok: false, fault: '"101" is no whole number from 1 to 100.' }],
])('%j are %j', (texts, parsed) => {
  expect(parseThresholds(texts)).toEqual(parsed);
});
