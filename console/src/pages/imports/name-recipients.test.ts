import { expect, it } from 'vitest';
import { nameRecipients } from './name-recipients.ts';

const entity = (id: string, name: string, flowIds: string[] = []) =>
  ({ id, name, recipient: 'other', flow_ids: flowIds }) as const;

it('tells recipients of the same name apart by their flows', () => {
  const flows = new Map([
    ['f1', 'Solar'],
    ['f2', 'Roofing'],
  ]);
  const entities = [
    entity('a', 'Summit', ['f1']),
    entity('b', 'Summit', ['f2', 'f1']),
    entity('c', 'Summit'),
    entity('d', 'Larkspur', ['f1']),
    { ...entity('e', 'A vendor'), recipient: null },
  ];
  expect(nameRecipients(entities, flows).map(({ label }) => label)).toEqual([
    ...['Summit (Solar)', 'Summit (Roofing and 1 more)', 'Summit (c)', 'Larkspur'],
  ]);
});
