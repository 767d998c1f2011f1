import { expect, it } from 'vitest';
import { takeTexts } from './take-texts.ts';

it('takes the texts that a page knows, and nothing else', () => {
  const read = takeTexts('q', 'panel');
  expect(read({ q: 'ann', panel: '', other: 'x' })).toEqual({ q: 'ann' });
  expect(read({ q: ['a', 'b'], panel: 'new' })).toEqual({ panel: 'new' });
});
