import { expect, it } from 'vitest';
import { nameProperty } from './name-property.ts';

it.each([
  ['client_id', 'Client ID'],
  ['host_key', 'Host key'],
  ['columns.1.header', 'Columns 2, header'],
  ['url', 'URL'],
  ['', ''],
])('%s is %s', (path, label) => {
  expect(nameProperty(path)).toBe(label);
});
