import { expect, it } from 'vitest';
import { findSubjectPage, readActivityFilter } from './activity-words.ts';

it('takes what the API knows from the address', () => {
  const before = '65f0c0de0123456789abcdef';
  expect(readActivityFilter({ kind: 'list', action: 'create', actor: 'a', from: '2026-03-01', before })).toEqual({
    ...{ kind: 'list', action: 'create', actor_id: 'a', start: '2026-03-01', before_id: before },
  });
  expect(readActivityFilter({ kind: 'nothing', action: 'toString', from: 'yesterday', before: 'x' })).toEqual({});
});

it('links to what has a page and is still there', () => {
  const subject = { id: 'a', name: null };
  expect(findSubjectPage({ kind: 'list', action: 'update', subject })).toBe('/lists/a');
  expect(findSubjectPage({ kind: 'list', action: 'delete', subject })).toBeNull();
  expect(findSubjectPage({ kind: 'account', action: 'update', subject })).toBeNull();
});
