import { expect, it } from 'vitest';
import type { Step } from '../../../../src/model/flow.ts';
import { listAsked } from './list-asked.ts';

const to = (id: string, parts: object = {}) => ({ id, entity: { name: id.toUpperCase() }, ...parts });
const list = (...steps: object[]) => listAsked({ steps: steps as Step[] });

it('has recipient steps, and recipients of distributions below their names', () => {
  expect(
    list(
      { type: 'filter', id: 'f' },
      { type: 'recipient', ...to('a') },
      { type: 'distribution', id: 'd', name: 'Buyers', method: 'priority', recipients: [to('b'), to('c')] },
    ),
  ).toEqual([
    { key: 'a', name: null, recipients: [{ id: 'a', name: 'A', bidName: null }] },
    {
      ...{ key: 'd', name: 'Buyers' },
      recipients: [
        { id: 'b', name: 'B', bidName: null },
        { id: 'c', name: 'C', bidName: null },
      ],
    },
  ]);
});

it('has the bids of those that are asked for one', () => {
  const recipients = [to('b', { bid: { module_id: 'm' } }), to('c', { bid: null })];
  const bids = (method: string) =>
    list({ type: 'distribution', method, recipients }).map((group) => group.recipients.map(({ bidName }) => bidName));
  expect(bids('highest_bid')).toEqual([['b.bid', null]]);
  expect(bids('waterfall')).toEqual([[null, null]]);
});

it('leaves out what is switched off or has no id', () => {
  const off = { enabled: false };
  expect(
    list(
      { type: 'recipient', ...to('a', off) },
      { type: 'recipient', entity: { name: 'New' } },
      { type: 'distribution', ...off, method: 'priority', recipients: [to('b')] },
      { type: 'distribution', method: 'priority', recipients: [to('c', off)] },
    ),
  ).toEqual([]);
});
