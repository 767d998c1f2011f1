import { describe, expect, it } from 'vitest';
import { applyStrictStatus } from './strict-status.ts';

describe('strict status makes a 4xx that counts as success a failure', () => {
  it.each([
    [{ outcome: 'success', a: 1 }, 404, { outcome: 'failure', a: 1, reason: 'Recipient answered with status 404' }],
    [{ outcome: 'success', reason: 'r' }, 400, { outcome: 'failure', reason: 'r' }],
    [{ outcome: 'error' }, 404, { outcome: 'error' }],
    [{ outcome: 'success' }, 399, { outcome: 'success' }],
    [{ outcome: 'success' }, 500, { outcome: 'success' }],
  ])('%j with %i', (event, status, expected) => {
    expect(applyStrictStatus(event, status)).toEqual(expected);
  });
});
