import { describe, expect, it } from 'vitest';
import { describeLimits, describeScope, stateOf } from './key-words.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');

describe('an API key in words', () => {
  it.each([
    [{ revoked_at: null, expires_at: null }, 'valid'],
    [{ revoked_at: null, expires_at: '2026-03-02T00:00:00Z' }, 'valid'],
    [{ revoked_at: null, expires_at: '2026-03-01T00:00:00Z' }, 'expired'],
    [{ revoked_at: '2026-02-01T00:00:00Z', expires_at: '2026-02-02T00:00:00Z' }, 'revoked'],
  ])('%j is %s', (key, state) => {
    expect(stateOf(key, NOW)).toBe(state);
  });

  it.each([
    [{ role: 'vendor' as const, permissions: ['leads.submit' as const] }, 'Role vendor'],
    [{ role: null, permissions: ['leads.read' as const] }, 'leads.read'],
    [{ role: null, permissions: ['leads.read' as const, 'jobs.read' as const] }, 'leads.read, jobs.read'],
    [
      { role: null, permissions: ['leads.read' as const, 'jobs.read' as const, 'flows.read' as const] },
      'leads.read and 2 more',
    ],
  ])('may %j: %s', (key, words) => {
    expect(describeScope(key)).toBe(words);
  });

  it.each([
    [{ flow_ids: null, source_ids: ['a'], permissions: ['leads.submit' as const] }, '1 source'],
    [{ flow_ids: ['a', 'b'], source_ids: null, permissions: ['leads.submit' as const] }, '2 flows'],
    [{ flow_ids: null, source_ids: null, permissions: ['leads.submit' as const] }, 'All sources'],
    [{ flow_ids: null, source_ids: null, permissions: ['leads.read' as const] }, '–'],
  ])('submits to %j: %s', (key, words) => {
    expect(describeLimits(key)).toBe(words);
  });
});
