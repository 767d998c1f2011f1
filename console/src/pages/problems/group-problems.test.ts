import { expect, it } from 'vitest';
import type { Problem } from '../../api/problems.ts';
import { groupProblems } from './group-problems.ts';

const problem = (id: string, given: object = {}) =>
  ({
    ...{
      id,
      kind: 'delivery',
      flow: { id: 'f' },
      recipient: { id: 'r', name: 'CRM' },
      cause: 'circuit_open',
      state: 'open',
    },
    ...{ events: 2, per_hour: [0, 2], first_seen: '2026-11-20', last_seen: '2026-11-21' },
    ...given,
  }) as unknown as Problem;

it('puts problems of one recipient and cause in one row, and keeps all others apart', () => {
  const rows = groupProblems([
    problem('a'),
    problem('b', { cause: 'server_error' }),
    problem('c', { events: 3, per_hour: [3, 0], first_seen: '2026-11-19', last_seen: '2026-11-22' }),
    problem('d', { recipient: { id: 'q', name: 'CRM' } }),
    problem('e', { flow: { id: 'g' } }),
    problem('f', { cause: null }),
    problem('g', { cause: null }),
    problem('h', { state: 'muted' }),
  ]);
  expect(rows.map(({ id, ways, events }) => [id, ways, events])).toEqual([
    ['a', 2, 5],
    ...['b', 'd', 'e', 'f', 'g', 'h'].map((id) => [id, 1, 2]),
  ]);
  expect(rows[0]).toMatchObject({ per_hour: [3, 2], first_seen: '2026-11-19', last_seen: '2026-11-22' });
});
