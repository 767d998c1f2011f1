import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '..');
/** px; spaces between things and within them. */
const STEPS: ReadonlySet<number> = new Set([0, 4, 8, 12, 16, 24, 32, 48]);
/** A line over a line. */
const OVER_A_LINE = '-1px';

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
const read = (file: string) => readFileSync(join(SOURCES, file), 'utf8');

const STYLE = /^\s*((?:row-|column-)?gap|(?:padding|margin)[\w-]*):\s*([^;]+);/gm;
const PROP = /\s(gap|rowGap|columnGap|spacing|[mp][xytblrse]?)=(?:"([^"]+)"|\{([^}]+)\})/g;

function isOnGrid(value: string): boolean {
  // Of paper, where millimetres count, and of numbers that are counted.
  const sizes = value.matchAll(/(?<![\w.-])-?[\d.]+(?:px|r?em|%)?(?![\w.])/g);
  return [...sizes].every(([size]) => {
    if (size === OVER_A_LINE) return true;
    return !/em|%/.test(size) && STEPS.has(Math.abs(Number.parseFloat(size)));
  });
}

describe('spaces are steps of the grid', () => {
  it('in styles', () => {
    const sheets = files.filter((file) => file.endsWith('.css') && !file.endsWith('mantine.css'));
    expect(sheets.length).toBeGreaterThan(40);
    const found = sheets.flatMap((file) =>
      [...read(file).matchAll(STYLE)].map(([, name, value = '']) => ({ file, name, value })),
    );
    expect(found.length).toBeGreaterThan(400);
    expect(found.filter(({ value }) => !isOnGrid(value))).toEqual([]);
  });

  it('in components', () => {
    const found = files
      .filter((file) => file.endsWith('.tsx'))
      .flatMap((file) =>
        [...read(file).matchAll(PROP)].map(([, name, word, code]) => ({ file, name, value: word ?? code ?? '' })),
      );
    expect(found.length).toBeGreaterThan(200);
    expect(found.filter(({ value }) => !isOnGrid(value))).toEqual([]);
  });
});
