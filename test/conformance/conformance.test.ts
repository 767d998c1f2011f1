import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runSuites } from './run-suites.ts';
import { SUITES } from './suites.ts';

/** Beside the checkout; where one is absent its cases are skipped. */
const FOLDERS = ['vectors', 'vectors-2'];

const runs = await Promise.all(
  FOLDERS.map(async (name) => {
    const folder = fileURLToPath(new URL(`../../../shared/${name}`, import.meta.url));
    return { name, reports: await runSuites(folder, SUITES) };
  }),
);

describe.each(runs)('measured behaviour: ../shared/$name (skipped where it is absent)', ({ reports }) => {
  it.skipIf(reports === undefined)('has cases that we know how to check', () => {
    expect(reports?.filter(({ isKnown }) => !isKnown)).toEqual([]);
    expect(reports?.some(({ passed }) => passed > 0)).toBe(true);
  });

  it.each(reports ?? [])('$file is followed', ({ failures, passed, pending }) => {
    expect(failures).toEqual([]);
    expect(passed + pending).toBeGreaterThan(0);
  });
});
