import { describe, expect, it, vi } from 'vitest';
import type { LeadImport } from '../../../client/src/client.ts';

// The client of the API asks for the origin of its page.
vi.stubGlobal('window', { location: { origin: 'http://127.0.0.1:1' } });
const { isChecking } = await import('./imports.ts');

type Seen = Parameters<typeof isChecking>[0];
const CHECK = {} as NonNullable<LeadImport['check']>;
const seen = (state: Seen['job']['state'], rest: { started?: boolean; check?: typeof CHECK | null }) =>
  ({ job: { state }, started: false, check: null, ...rest }) as Seen;

describe('a file of leads', () => {
  it('is checked until its job waits, although the check is written a moment before', () => {
    expect(isChecking(seen('queued', {}))).toBe(true);
    expect(isChecking(seen('running', {}))).toBe(true);
    expect(isChecking(seen('running', { check: CHECK }))).toBe(true);
    expect(isChecking(seen('waiting', {}))).toBe(true);
    expect(isChecking(seen('waiting', { check: CHECK }))).toBe(false);
  });

  it('is not checked any more once its rows are submitted, or its job is paused or has ended', () => {
    expect(isChecking(seen('running', { check: CHECK, started: true }))).toBe(false);
    expect(isChecking(seen('queued', { started: true }))).toBe(false);
    for (const state of ['paused', 'failed', 'cancelled', 'done'] as const)
      expect(isChecking(seen(state, {}))).toBe(false);
  });
});
