import { describe, expect, it } from 'vitest';
import { storableJson, storableText } from './storable.ts';

describe('what the database does not store', () => {
  it('a NUL leaves a text', () => {
    expect(storableText('fine\u0000 \ud83d\ude00')).toBe('fine 😀');
  });

  it.each([
    ['NUL', 'a\u0000b', 'ab'],
    ['half a surrogate pair', '\ud800 \udc00', '\ufffd \ufffd'],
    ['a whole pair', '😀', '😀'],
    ['a text that only looks like an escape', '\\u0000 \\\\ud800 \\', '\\u0000 \\\\ud800 \\'],
    ['other escapes beside one', '"\n\\\u0000\u0001', '"\n\\\u0001'],
  ])('in a JSON text: %s', (_name, text, stored) => {
    expect(JSON.parse(storableJson(JSON.stringify({ [text]: [text] })))).toEqual({ [stored]: [stored] });
  });
});
