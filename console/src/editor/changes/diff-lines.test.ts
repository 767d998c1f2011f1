import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignLines, diffLines } from './diff-lines.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
const left = (pairs: ReturnType<typeof alignLines>) => pairs.flatMap((pair) => (pair.left ? [pair.left.text] : []));
const right = (pairs: ReturnType<typeof alignLines>) => pairs.flatMap((pair) => (pair.right ? [pair.right.text] : []));

describe('the difference of two texts', () => {
  it('has every line of both, in order and with its number', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pairs = alignLines(before, after);
        expect(left(pairs)).toEqual(before);
        expect(right(pairs)).toEqual(after);
        const numbers = pairs.flatMap((pair) => (pair.left ? [pair.left.number] : []));
        expect(numbers).toEqual(before.map((_, index) => index + 1));
      }),
    );
  });

  it('has as many equal lines as the longest common part', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const equal = alignLines(before, after).filter(
          (pair) => pair.left && pair.left.text === pair.right?.text,
        ).length;
        expect(equal).toBeGreaterThanOrEqual(countCommon(before, after));
      }),
    );
  });

  it('leaves out what is equal and far from a difference', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const changed = lines.with(10, 'other');
    const shown = diffLines(lines.join('\n'), changed.join('\n'));
    expect(shown.map((row) => ('equal' in row ? row.equal : (row.right?.text ?? '')))).toEqual([
      ...[7, 'line 7', 'line 8', 'line 9', 'other', 'line 11', 'line 12', 'line 13', 6],
    ]);
    expect(shown[4]).toEqual({ left: { number: 11, text: 'line 10' }, right: { number: 11, text: 'other' } });
  });

  it('is empty for equal texts', () => expect(diffLines('a\nb', 'a\nb')).toEqual([]));

  it('of texts with nothing in common ends within its bound', () => {
    const one = Array.from({ length: 5_000 }, (_, index) => `one ${index}`);
    const other = Array.from({ length: 5_000 }, (_, index) => `other ${index}`);
    expect(alignLines(one, other)).toHaveLength(5_000);
  });
});

/** By the table of lengths. */
function countCommon(before: readonly string[], after: readonly string[]): number {
  let row = new Array<number>(after.length + 1).fill(0);
  for (const line of before) {
    const next = [0];
    for (const [index, other] of after.entries())
      next.push(line === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}
