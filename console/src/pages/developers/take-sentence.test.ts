import { describe, expect, it } from 'vitest';
import { takeSentence } from './take-sentence.ts';

describe('the first sentence of a text', () => {
  it.each([
    ['One.', 'One.'],
    ['One flow. Another.', 'One flow.'],
    ['All flows. `include` picks.', 'All flows.'],
    ['With `code` and [warnings](lint.md).', 'With code and warnings.'],
    ['Version 1.5 of it. More.', 'Version 1.5 of it.'],
    ['no end', 'no end'],
  ])('%j: %j', (text, sentence) => {
    expect(takeSentence(text)).toBe(sentence);
  });
});
