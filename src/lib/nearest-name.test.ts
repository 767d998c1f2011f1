import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

const KNOWN = ['SLUICE_PORT', 'SLUICE_HOST', 'SLUICE_DEMO_PORT', 'SLUICE_WORKERS'];

it.each([
  ['SLUICE_PROT', 'SLUICE_PORT'],
  ['SLUICE_WORKER', 'SLUICE_WORKERS'],
  ['SLUICE_DEMOPORT', 'SLUICE_DEMO_PORT'],
  ['SLUICE_ADMIN_PASSWORD', undefined],
  ['ulr', 'url'],
  ['tag', undefined],
])('%s is near %s', (name, near) => {
  expect(nearestName(name, [...KNOWN, 'url'])).toBe(near);
});
