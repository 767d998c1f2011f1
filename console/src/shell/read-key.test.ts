import { expect, it } from 'vitest';
import { readKey } from './read-key.ts';
import type { Section } from './sections.ts';

const sections: Section[] = [{ to: '/flows', label: 'Flows', key: 'f', icon: () => null }];

it.each([
  ['?', false, { kind: 'keys' }],
  ['/', false, { kind: 'find' }],
  ['g', false, { kind: 'prefix' }],
  ['f', true, { kind: 'go', to: '/flows' }],
  ['f', false, null],
  ['?', true, null],
])('%s (after g: %s) means %j', (key, follows, meaning) => {
  expect(readKey(key, { follows, sections })).toEqual(meaning);
});
