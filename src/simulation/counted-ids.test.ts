import { describe, expect, it } from 'vitest';
import { isId, isShortId } from '../lib/ids.ts';
import { countedIds } from './counted-ids.ts';

describe('countedIds', () => {
  it('have the forms of real ids, rise, and are the same each time', () => {
    const give = () => {
      const ids = countedIds(Date.UTC(2025, 2, 3, 12));
      return [ids.next(), ids.next(), ids.short(), ids.short()];
    };
    expect(give()).toEqual(['67c599c00000000000000001', '67c599c00000000000000002', '000003', '000004']);
    expect(give()).toEqual(give());
    expect(give().map((id) => isId(id) || isShortId(id))).toEqual([true, true, true, true]);
  });
});
