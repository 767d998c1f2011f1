import { expect, it } from 'vitest';
import { describeEvents, stateOf } from './webhook-words.ts';

it.each([
  [{ types: [], outcomes: [], flow_ids: [] }, 'All events'],
  [
    { types: ['recipient' as const], outcomes: ['error' as const], flow_ids: ['a'] },
    'Recipients with error, of 1 flow',
  ],
  [{ types: [], outcomes: ['failure' as const, 'error' as const], flow_ids: [] }, 'All events with failure, error'],
])('of %j are posted: %s', (webhook, words) => {
  expect(describeEvents(webhook)).toBe(words);
});

it.each([
  [{ enabled: true, disabled_at: null }, undefined, 'idle'],
  [{ enabled: true, disabled_at: null }, { state: 'failing' as const }, 'failing'],
  [{ enabled: false, disabled_at: null }, { state: 'disabled' as const }, 'off'],
  [{ enabled: false, disabled_at: null }, { state: 'sending' as const }, 'sending'],
  [{ enabled: false, disabled_at: '2026-03-01T00:00:00Z' }, { state: 'disabled' as const }, 'ended'],
])('%j with the state %j is %s', (webhook, state, word) => {
  expect(stateOf(webhook, state)).toBe(word);
});
