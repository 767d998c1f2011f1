import { expect, it } from 'vitest';
import { dateFormatter } from './formatter.ts';

it('makes a formatter once, and another one of other options', () => {
  const berlin = dateFormatter({ timeZone: 'Europe/Berlin', hour: '2-digit' });
  expect(dateFormatter({ timeZone: 'Europe/Berlin', hour: '2-digit' })).toBe(berlin);
  expect(dateFormatter({ timeZone: 'Asia/Tokyo', hour: '2-digit' })).not.toBe(berlin);
  expect(berlin.resolvedOptions().timeZone).toBe('Europe/Berlin');
});

it('keeps no more than it says', () => {
  const first = dateFormatter({ timeZone: 'Europe/Lisbon' });
  for (const zone of Intl.supportedValuesOf('timeZone')) dateFormatter({ timeZone: zone, day: 'numeric' });
  expect(dateFormatter({ timeZone: 'Europe/Lisbon' })).not.toBe(first);
});
