import { describe, expect, it } from 'vitest';
import { applyStrictStatus } from './strict-status.ts';

describe('strict status makes a 4xx or an unfollowed redirect that counts as success a failure', () => {
  // biome-ignore format: a table reads better in rows
  it.each([
    [{ outcome: 'success', a: 1 }, 404, {}, { outcome: 'failure', a: 1, reason: 'Recipient answered with status 404' }],
    [{ outcome: 'success', reason: 'r' }, 400, {}, { outcome: 'failure', reason: 'r' }],
    [{ outcome: 'success' }, 404, { outcome_search_term: 'ok' }, { outcome: 'failure', reason: 'Recipient answered with status 404' }],
    [{ outcome: 'error' }, 404, {}, { outcome: 'error' }],
    [{ outcome: 'success' }, 302, {}, { outcome: 'failure', reason: 'Recipient answered with status 302' }],
    [{ outcome: 'success' }, 307, { outcome_search_term: ' ' }, { outcome: 'failure', reason: 'Recipient answered with status 307' }],
    [{ outcome: 'success' }, 302, { outcome_search_term: 'thanks' }, { outcome: 'success' }],
    [{ outcome: 'success' }, 204, {}, { outcome: 'success' }],
    [{ outcome: 'success' }, 500, {}, { outcome: 'success' }],
  ])('%j with %i and %j', (event, status, moduleVars, expected) => {
    expect(applyStrictStatus(event, { status, moduleVars })).toEqual(expected);
  });
});
