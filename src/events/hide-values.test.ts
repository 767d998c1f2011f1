import { expect, it } from 'vitest';
import { hideReasons, hideValuesOfEvent } from './hide-values.ts';

it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  [
    'what is not known is hidden',
    { id: '1', of_a_later_version: 'Ann' },
    { id: '1', reason: null, vars: { lead: {} } },
  ],
  [
    'of the variables the place and the id stay',
    {
      vars: {
        flow: { id: 'f' },
        lead: { id: 'l', email: 'ann@example.com' },
        buyer: { reason: 'Ann' },
        submission: { ip: '::1' },
      },
    },
    { reason: null, vars: { flow: { id: 'f' }, lead: { id: 'l' } } },
  ],
  ['a lead without variables has none', { vars: undefined, reason: null }, { reason: null, vars: { lead: {} } }],
  [
    'a reason is its class',
    { reason: 'On the list: "ann@example.com"' },
    { reason: 'On the list: …', vars: { lead: {} } },
  ],
])('%s', (_name, event, shown) => {
  expect(hideValuesOfEvent(event)).toEqual(shown);
});

it('an entry keeps what it has, and gets no reason that it had not', () => {
  expect(hideReasons({ id: '1', reason: 'by 555-0134' })).toEqual({ id: '1', reason: 'by …' });
  expect(hideReasons({ id: '1' })).toEqual({ id: '1' });
});
