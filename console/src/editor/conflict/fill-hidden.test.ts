import { describe, expect, it } from 'vitest';
import { fillHidden, hasHidden } from './fill-hidden.ts';
import { listMergeParts, listOpenParts } from './merge-documents.ts';

const withKey = (value: string, name = 'CRM') => ({
  steps: [{ id: 't1', name, integration: { mappings: [{ id: 'm1', property: 'key', value }] } }],
});

describe('a base whose secrets are hidden', () => {
  it('gets those that both sides still have', () => {
    const filled = fillHidden(withKey('[redacted]'), withKey('hunter2'), withKey('hunter2', 'My CRM'));
    expect(filled).toEqual(withKey('hunter2'));
  });

  it('keeps one hidden that differs, so that it is asked about', () => {
    const [mine, theirs] = [withKey('hunter2'), withKey('hunter3')];
    const base = fillHidden(withKey('[redacted]'), mine, theirs);
    expect(hasHidden(base)).toBe(true);
    expect(listOpenParts(listMergeParts({ base, mine, theirs }), {}).map(({ key }) => key)).toEqual([
      'steps.t1.integration',
    ]);
  });

  it('finds a step that moved by its id', () => {
    const other = { id: 't0', name: 'Other', integration: { mappings: [] } };
    const moved = { steps: [other, ...withKey('hunter2').steps] };
    expect(fillHidden(withKey('[redacted]'), moved, moved)).toEqual(withKey('hunter2'));
  });
});
