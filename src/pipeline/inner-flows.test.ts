import { describe, expect, it } from 'vitest';
import { FLOWS_PASSED_MAX, findInnerRefusal } from './inner-flows.ts';

const chain = (length: number) => Array.from({ length }, (_, n) => `flow${n}`);

describe('findInnerRefusal', () => {
  it('lets a lead pass as many flows as there may be, and no more', () => {
    expect(findInnerRefusal('next', { flowIds: chain(FLOWS_PASSED_MAX - 1) })).toBeNull();
    expect(findInnerRefusal('next', { flowIds: chain(FLOWS_PASSED_MAX) })).toContain('has passed 8 flows already');
  });

  it('names the way of a lead that would pass a flow twice', () => {
    const refusal = findInnerRefusal('flow1', { flowIds: chain(3) });
    expect(refusal).toBe('Not sent: the lead would pass a flow twice (flow0 > flow1 > flow2 > flow1)');
  });
});
