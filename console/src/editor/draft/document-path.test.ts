import { describe, expect, it } from 'vitest';
import { findChangedLeaf } from './changed-leaf.ts';
import { readPath, writePath } from './document-path.ts';

const FLOW = { name: 'A', steps: [{ reason: 'x', caps: [{ maximum: 5 }] }, { reason: 'y' }] };

describe('a path of a document', () => {
  it.each([
    ['name', 'A'],
    ['steps.1.reason', 'y'],
    ['steps.0.caps.0.maximum', 5],
    ['steps.7.caps', undefined],
    ['name.length.x', undefined],
  ])('%s reads %o', (path, value) => {
    expect(readPath(FLOW, path)).toEqual(value);
  });

  it('writes a copy that shares what is not on the way', () => {
    const next = writePath(FLOW, 'steps.0.caps.0.maximum', 8);
    expect(next.steps[0]?.caps).toEqual([{ maximum: 8 }]);
    expect(next.steps[1]).toBe(FLOW.steps[1]);
    expect(FLOW.steps[0]?.caps).toEqual([{ maximum: 5 }]);
  });

  it('takes a property out with undefined', () => {
    expect(writePath(FLOW, 'steps.0.caps', undefined).steps[0]).toEqual({ reason: 'x' });
  });

  it('makes the parts on its way, but no members of lists', () => {
    expect(writePath({ name: 'A' }, 'firehose.services.aws', true)).toEqual({
      ...{ name: 'A', firehose: { services: { aws: true } } },
    });
    expect(writePath({ name: 'A' }, 'steps.0.reason', 'x')).toEqual({ name: 'A' });
    expect(writePath(FLOW, 'firehose.enabled', undefined)).toBe(FLOW);
  });

  it('is the same document when nothing changes or nothing can hold the value', () => {
    expect(writePath(FLOW, 'name', 'A')).toBe(FLOW);
    expect(writePath(FLOW, 'steps.9.reason', 'z')).toBe(FLOW);
    expect(writePath(FLOW, 'name.first', 'z')).toBe(FLOW);
  });
});

describe('the one text or number that differs', () => {
  it.each([
    [writePath(FLOW, 'steps.0.caps.0.maximum', 8), 'steps.0.caps.0.maximum'],
    [writePath(FLOW, 'name', 'B'), 'name'],
    [writePath(writePath(FLOW, 'name', 'B'), 'steps.1.reason', 'z'), null],
    [writePath(FLOW, 'steps.0.caps', []), null],
    [FLOW, null],
  ])('of %j is at %s', (after, place) => {
    expect(findChangedLeaf(FLOW, after)).toBe(place);
  });
});
