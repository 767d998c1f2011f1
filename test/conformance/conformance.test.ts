import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runSuites } from './run-suites.ts';
import { SUITES } from './suites.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/vectors', import.meta.url));
const reports = await runSuites(FOLDER, SUITES);

describe.skipIf(reports === undefined)('measured behaviour (skipped where ../shared/vectors is absent)', () => {
  it.each((reports ?? []).filter((report) => report.isKnown && report.total > 0))('$file is followed', (report) => {
    expect(report.failures).toEqual([]);
    expect(report.passed).toBeGreaterThan(0);
  });
});
