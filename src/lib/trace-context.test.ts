import { describe, expect, it } from 'vitest';
import { parseTraceparent, writeTraceparent } from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const READ = { traceId: TRACE, parentId: PARENT };

describe('traceparent', () => {
  it.each([
    ['version 00', `00-${TRACE}-${PARENT}-01`],
    ['not sampled', `00-${TRACE}-${PARENT}-00`],
    ['unknown flags', `00-${TRACE}-${PARENT}-ff`],
    ['a later version', `cc-${TRACE}-${PARENT}-01`],
    ['a later version with more fields', `cc-${TRACE}-${PARENT}-01-what-the-future-will-be-like`],
  ])('%s is read', (_, header) => {
    expect(parseTraceparent(header)).toEqual(READ);
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['sent twice', [`00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01`]],
    ['joined by a proxy', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
    ['the forbidden version', `ff-${TRACE}-${PARENT}-01`],
    ['version 00 with more fields', `00-${TRACE}-${PARENT}-01-more`],
    ['a later version with something stuck to it', `cc-${TRACE}-${PARENT}-01.more`],
    ['capital letters', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a parent of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['no flags', `00-${TRACE}-${PARENT}`],
    ['other characters', `00-${TRACE.slice(1)}g-${PARENT}-01`],
  ])('%s is ignored', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it.each([true, false])('what is written is read again, sampled: %s', (isSampled) => {
    const header = writeTraceparent({ traceId: TRACE, spanId: PARENT, isSampled });
    expect(header.endsWith(isSampled ? '-01' : '-00')).toBe(true);
    expect(parseTraceparent(header)).toEqual(READ);
  });
});
