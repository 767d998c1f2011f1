import { expect, it } from 'vitest';
import { splitMoments } from './split-moments.ts';

const text = (words: string) => ({ kind: 'text', text: words });
const moment = (iso: string) => ({ kind: 'moment', at: Date.parse(iso) });

it.each([
  ['no time', 'The cap was full.', [text('The cap was full.')]],
  ['nothing', '', []],
  [
    'an instant at the end of a sentence',
    'Ann saved version 3 at 2026-11-28T09:51:14.739Z.',
    [text('Ann saved version 3 at '), moment('2026-11-28T09:51:14.739Z'), text('.')],
  ],
  ['an instant alone', '2026-11-28T09:51:14Z', [moment('2026-11-28T09:51:14Z')]],
  [
    'a time with its zone',
    'It has room again at 2026-11-21 00:00 America/Chicago; it was full.',
    [text('It has room again at '), moment('2026-11-21T06:00:00Z'), text('; it was full.')],
  ],
  ['a time in UTC', 'At 2026-11-21 00:30 UTC.', [text('At '), moment('2026-11-21T00:30:00Z'), text('.')]],
  [
    'two times',
    'From 2026-11-21T00:00:00Z to 2026-11-22T00:00:00Z',
    [text('From '), moment('2026-11-21T00:00:00Z'), text(' to '), moment('2026-11-22T00:00:00Z')],
  ],
  ['a time of no zone', 'At 2026-11-21 00:00 Noon.', [text('At 2026-11-21 00:00 Noon.')]],
  ['a day of no month', 'At 2026-13-41T00:00:00Z.', [text('At 2026-13-41T00:00:00Z.')]],
])('%s', (_name, sentence, parts) => {
  expect(splitMoments(sentence)).toEqual(parts);
});
