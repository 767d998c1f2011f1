import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { ensureConsoleIsBuilt } from './harness/ensure-built.ts';

/** As Vite's manifest has it: what a chunk loads with it, and what it loads later. */
interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

const APP = join(packageRoot, 'dist/app');
const KB = 1_000;
const FIRST_LOAD_BYTES_MAX = 200 * KB;
const LAZY_BYTES_MAX = 80 * KB;
/** The first load is smaller than it may be, because what floats comes with the page that has it. */
const PAGE_BYTES_MAX = FIRST_LOAD_BYTES_MAX + LAZY_BYTES_MAX;
const CSS_BYTES_MAX = 45 * KB;
/** Of the script in each posting page; the design allows 40 kB. */
const POSTING_SCRIPT_BYTES_MAX = 5 * KB;
const POSTING_STYLE_BYTES_MAX = 5 * KB;

describe('what a browser loads of the console, as gzip', () => {
  let chunks: Record<string, Chunk>;
  beforeAll(async () => {
    await ensureConsoleIsBuilt();
    chunks = JSON.parse(readFileSync(join(APP, '.vite/manifest.json'), 'utf8'));
  });

  const listWith = (key: string, known = new Set<string>()): Set<string> => {
    if (known.has(key)) return known;
    known.add(key);
    for (const imported of chunks[key]?.imports ?? []) listWith(imported, known);
    return known;
  };
  const entries = () => Object.keys(chunks).filter((key) => chunks[key]?.isEntry);
  const first = () => new Set(entries().flatMap((key) => [...listWith(key)]));
  const openedBy = (keys: Set<string>) => [...new Set([...keys].flatMap((key) => chunks[key]?.dynamicImports ?? []))];
  const filesOf = (keys: Iterable<string>) => [...keys].map((key) => chunks[key]?.file ?? '');
  const sum = (files: Iterable<string>) => [...new Set(files)].reduce((bytes, file) => bytes + measure(file), 0);

  it('first is at most 200 kB of scripts', () => {
    expect(entries()).toHaveLength(1);
    expect(sum(filesOf(first()))).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
  });

  it('for a page is at most 280 kB of scripts in all', () => {
    const pages = openedBy(first());
    expect(pages.length).toBeGreaterThan(0);
    const sizes = pages.map((key) => [key, sum(filesOf([...first(), ...listWith(key)]))] as const);
    expect(sizes.filter(([, bytes]) => bytes > PAGE_BYTES_MAX)).toEqual([]);
  });

  it('for a part that a page loads when it is wanted is at most 80 kB of further scripts', () => {
    const loaded = first();
    const sizes = openedBy(loaded).flatMap((page) => {
      const there = new Set([...loaded, ...listWith(page)]);
      const own = new Set([...there].filter((key) => !loaded.has(key)));
      return openedBy(own).map(
        (key) => [page, key, sum(filesOf([...listWith(key)].filter((each) => !there.has(each))))] as const,
      );
    });
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.filter(([, , bytes]) => bytes > LAZY_BYTES_MAX)).toEqual([]);
  });

  it('is at most 45 kB of styles in all', () => {
    expect(sum(Object.values(chunks).flatMap(({ css = [] }) => css))).toBeLessThanOrEqual(CSS_BYTES_MAX);
  });

  it('is at most 5 kB of script and of style in a posting page', () => {
    const [script, style] = ['posting/page.js', 'posting/page.css'].map(measure);
    expect(script).toBeGreaterThan(0);
    expect(script).toBeLessThanOrEqual(POSTING_SCRIPT_BYTES_MAX);
    expect(style).toBeGreaterThan(0);
    expect(style).toBeLessThanOrEqual(POSTING_STYLE_BYTES_MAX);
  });

  it('is at most 5 kB of style in the page of a shared report, which has no script', () => {
    expect(measure('report/page.css')).toBeGreaterThan(0);
    expect(measure('report/page.css')).toBeLessThanOrEqual(POSTING_STYLE_BYTES_MAX);
    expect(measure('report/page.js')).toBe(0);
  });

  it('has no address of another origin that a browser would ask', () => {
    const html = readFileSync(join(APP, 'index.html'), 'utf8');
    expect(html.match(/(?:src|href)="(?!\/app\/)[^"]*"/g)).toBeNull();
    const css = Object.values(chunks)
      .flatMap((chunk) => chunk.css ?? [])
      .map((file) => readFileSync(join(APP, file), 'utf8'));
    expect(css.join('').match(/url\(["']?(?!data:|\/app\/|#)[^)]*\)|@import/g)).toBeNull();
  });
});

function measure(file: string): number {
  const path = join(APP, file);
  return existsSync(path) ? gzipSync(readFileSync(path)).length : 0;
}
