import { expect, it } from 'vitest';
import { noteRecentLead, readRecentLeads } from './recent-leads.ts';

const idOf = (number: number) => number.toString(16).padStart(24, '0');

function createStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  } as Storage; // the two that are used
}

it('keeps the last five ids, each once, newest first', () => {
  const storage = createStorage();
  for (const number of [1, 2, 3, 4, 5, 6, 3]) noteRecentLead(idOf(number), { userId: 'ann', storage });
  expect(readRecentLeads('ann', storage)).toEqual([3, 6, 5, 4, 2].map(idOf));
});

it('shows nothing to another person, and keeps nothing that is no id', () => {
  const storage = createStorage();
  noteRecentLead(idOf(1), { userId: 'ann', storage });
  noteRecentLead('fred@example.com', { userId: 'ann', storage });
  expect(readRecentLeads('ben', storage)).toEqual([]);
  expect(readRecentLeads('ann', storage)).toEqual([idOf(1)]);
});
