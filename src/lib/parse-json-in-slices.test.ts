import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonBounds, parseJsonInSlices } from './parse-json-in-slices.ts';
import { finish } from './slices.ts';

const read = (text: string, bounds: Partial<JsonBounds> = {}) =>
  finish(parseJsonInSlices(text, { levelsMax: 50, ...bounds }));

/** Pieces of any length, most of them far shorter than the text. */
const PIECE = fc.integer({ min: 1, max: 30 });
const SPACE = fc.constantFrom('', ' ', '\n', '\t ');

describe('parseJsonInSlices', () => {
  it('reads every JSON text as JSON.parse does, however short the pieces are', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ depthSize: 'large' }),
        PIECE,
        fc.integer({ min: 0, max: 3 }),
        (value, piece, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(read(text, { pieceCharacters: piece })).toEqual({ ok: true, value: JSON.parse(text) });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes and refuses the same texts as JSON.parse, with a sign added, dropped or changed anywhere', () => {
    const signs = fc.constantFrom('', ',', '[', ']', '{', '}', '"', ':', '\\', '0', ' ', '\u00a0', '[],', '"a":{},');
    fc.assert(
      fc.property(
        fc.jsonValue(),
        PIECE,
        SPACE,
        fc.nat(),
        fc.nat(2),
        signs,
        (value, piece, space, place, length, sign) => {
          const json = `${space}${JSON.stringify(value)}${space}`;
          const at = place % (json.length + 1);
          const text = json.slice(0, at) + sign + json.slice(at + length);
          const outcome = read(text, { pieceCharacters: piece });
          expect(outcome).toEqual(parsed(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '[1,2,]',
    '{"a":[1,2,3,4,5,6,7,8] "b":1}',
    '[[1,2,3,4,5,6,7,8] 1,2]',
    '[[1,2,3,4,5,6,7,8],]',
    '[,[1,2,3,4,5,6,7,8]]',
    '{[1,2,3,4,5,6,7,8]}',
    '{"a" [1,2,3,4,5,6,7,8]}',
    '[1,2,3,4,5,6,7,8}',
    '[1,2,3,4,5,6,7,8]]',
    '1,2',
    ']',
    '',
  ])('refuses %j', (text) => {
    for (let piece = 1; piece < 20; piece += 1)
      expect(read(text, { pieceCharacters: piece })).toEqual({ ok: false, error: 'malformed' });
  });

  it('the last of two members of one name counts, and __proto__ is a name', () => {
    const text = '{"a":[1,2,3],"__proto__":{"b":[1,2,3,4]},"c":2,"a":5}';
    for (let piece = 1; piece < 20; piece += 1) {
      const outcome = read(text, { pieceCharacters: piece });
      expect(JSON.stringify(outcome)).toBe(JSON.stringify({ ok: true, value: JSON.parse(text) }));
    }
  });

  it('refuses what nests deeper than it may before it is read', () => {
    expect(read(`${'['.repeat(51)}`)).toEqual({ ok: false, error: 'too-deep' });
    expect(read(`${'['.repeat(50)}${']'.repeat(50)}`).ok).toBe(true);
  });

  it('pauses at least once for each two pieces', () => {
    const text = JSON.stringify(Array.from({ length: 1_000 }, (_, index) => ({ index, list: [index, 'text'] })));
    const work = parseJsonInSlices(text, { levelsMax: 5, pieceCharacters: 100 });
    let pauses = 0;
    while (work.next().done !== true) pauses += 1;
    expect(pauses).toBeGreaterThan(text.length / 200);
  });
});

function parsed(text: string): unknown {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, error: 'malformed' };
  }
}
