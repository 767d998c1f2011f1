import { describe, expect, it } from 'vitest';
import { parseValue } from '../field-types/parse-value.ts';
import { type ListType, normaliseListValue } from './normalise-list-value.ts';

const typed = (type: string, value: string) => parseValue(type, value, { now: 0, timeZone: 'UTC' });

describe('normaliseListValue', () => {
  it.each<[type: ListType, value: unknown, normal: string]>([
    ['phone', '5127894321', '+15127894321'],
    ['phone', '(512) 789-4321', '+15127894321'],
    ['phone', '1.512.789.4321', '+15127894321'],
    ['phone', '+1 512 789 4321', '+15127894321'],
    ['phone', ' 512-789-4321 w', '+15127894321'],
    ['phone', typed('phone', '512 789 4321 (h)'), '+15127894321'],
    ['phone', 5_127_894_321, '+15127894321'],
    ['phone', '5127894321 x12', '+15127894321x12'],
    ['phone', typed('phone', '+972 2-123-4567'), '+97221234567'],
    ['phone', 'Donkey Kong', 'donkey kong'],
    ['phone', ' ', ''],
    ['email', ' Joe@Example.COM ', 'joe@example.com'],
    ['email', typed('email', 'Joe@Example.COM'), 'joe@example.com'],
    ['text', ' TX-12 ', 'tx-12'],
    ['text', 12, '12'],
    ['text', undefined, ''],
    ['text', { valueOf: 'x' }, ''],
  ])('%s %j', (type, value, normal) => {
    expect(normaliseListValue(value, type)).toBe(normal);
  });
});
