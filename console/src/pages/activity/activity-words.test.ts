import { expect, it } from 'vitest';
import { findSubjectPage, readActivityFilter } from './activity-words.ts';

it('takes what the API knows from the address, with days of the account’s zone', () => {
  const before = '65f0c0de0123456789abcdef';
  const search = { kind: 'list', action: 'create', actor: 'a', from: '2026-03-01', to: '2026-03-08', before };
  expect(readActivityFilter(search, 'America/New_York')).toEqual({
    ...{ kind: 'list', action: 'create', actor_id: 'a', before_id: before },
    // The clocks change on the last of these days.
    ...{ start: '2026-03-01T05:00:00.000Z', end: '2026-03-09T03:59:59.999Z' },
  });
  expect(
    readActivityFilter({ kind: 'nothing', action: 'toString', from: 'yesterday', to: 'x', before: 'x' }, 'UTC'),
  ).toEqual({});
});

it('links to what has a page and is still there', () => {
  const subject = { id: 'a', name: null };
  expect(findSubjectPage({ kind: 'list', action: 'update', subject })).toBe('/lists/a');
  expect(findSubjectPage({ kind: 'list', action: 'delete', subject })).toBeNull();
  expect(findSubjectPage({ kind: 'account', action: 'update', subject })).toBeNull();
});
