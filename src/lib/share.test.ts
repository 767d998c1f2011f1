import { expect, it } from 'vitest';
import { fail, ok } from './result.ts';
import { shareWhileUsed } from './share.ts';

it('makes one thing of one text while it is held, and tries again what failed', () => {
  const made: string[] = [];
  const find = shareWhileUsed((text) => {
    made.push(text);
    return text === '' ? fail('empty') : ok({ text });
  });
  const held = find('a');
  expect(find('a')).toEqual(held);
  expect(find('b')).toEqual(ok({ text: 'b' }));
  expect([find(''), find('')]).toEqual([fail('empty'), fail('empty')]);
  expect(made).toEqual(['a', 'b', '', '']);
});
