import { expect, it } from 'vitest';
import { listActionRows, pickAction, pickAll } from './pick-actions.ts';

const add = { action_id: 'a', name: 'Add lead', webhook_url: 'https://x.example/a' };
const tell = { action_id: 'b', name: 'Tell sales', webhook_url: 'https://x.example/b' };
const warehouse = { instance_id: 'w', name: 'Warehouse' };

it.each([
  ['no choice', undefined, ['Add lead: false', 'Tell sales: false']],
  ['one of two', [{ action_id: 'b' }], ['Add lead: false', 'Tell sales: true']],
  ['one that is gone', [{ action_id: 'z' }], ['Add lead: false', 'Tell sales: false', 'z: true']],
])('of %s each action is a row', (_, actions, rows) => {
  const destination = { ...warehouse, ...(actions && { actions }) };
  expect(listActionRows(destination, [add, tell]).map(({ name, isChosen }) => `${name}: ${isChosen}`)).toEqual(rows);
});

it('goes from all to some and back, and keeps what else the destination has', () => {
  const some = pickAll(warehouse, [add, tell], false);
  expect(some).toEqual({ ...warehouse, actions: [{ action_id: 'a' }, { action_id: 'b' }] });
  const one = pickAction(some, 'a', false);
  expect(one.actions).toEqual([{ action_id: 'b' }]);
  expect(pickAction(one, 'a', true).actions).toEqual([{ action_id: 'b' }, { action_id: 'a' }]);
  expect(pickAll(one, [add, tell], true)).toEqual(warehouse);
});
