import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMismatch, type Mismatch } from './difference.ts';
import { failedCheck, type Suite } from './suite.ts';

/** How one file of cases went. `total` counts the cases of modules we have. */
export interface FileReport {
  file: string;
  /** false: no suite knows the file. */
  isKnown: boolean;
  total: number;
  passed: number;
  /** Cases of modules that are not built yet. */
  pending: number;
  lenient: Finding[];
  failures: Finding[];
}

export interface Finding {
  /** The case's line in the file, from 1. */
  line: number;
  /** What was expected and what came, or why a difference is wanted. */
  text: string;
}

/** Runs every suite whose file is in the folder, and lists the other case files. undefined: there is no folder. */
export async function runSuites(folder: string, suites: readonly Suite[]): Promise<FileReport[] | undefined> {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const reports: FileReport[] = [];
  for (const file of files.sort()) {
    const suite = suites.find((candidate) => candidate.file === file);
    const isKnown = suite !== undefined;
    const report: FileReport = { file, isKnown, total: 0, passed: 0, pending: 0, lenient: [], failures: [] };
    if (suite !== undefined) await checkFile(report, suite, folder);
    reports.push(report);
  }
  return reports;
}

async function checkFile(report: FileReport, suite: Suite, folder: string): Promise<void> {
  for (const [index, text] of readFileSync(join(folder, suite.file), 'utf8').split('\n').entries()) {
    if (text.trim() === '') continue;
    const measured: unknown = JSON.parse(text);
    if (suite.isPending?.(measured)) report.pending += 1;
    else note(report, suite, { line: index + 1, measured, found: await differencesIn(suite, measured, folder) });
  }
}

function note(
  report: FileReport,
  suite: Suite,
  { line, measured, found }: { line: number; measured: unknown; found: Mismatch[] },
): void {
  report.total += 1;
  const reasonFor = (mismatch: Mismatch) => suite.lenient?.find((rule) => rule.covers(mismatch, measured))?.why;
  const wrong = found.filter((mismatch) => reasonFor(mismatch) === undefined);
  if (found.length === 0) report.passed += 1;
  else if (wrong.length > 0) report.failures.push({ line, text: wrong.map(describeMismatch).join('\n') });
  else
    report.lenient.push({ line, text: found.map((one) => `${reasonFor(one)}\n${describeMismatch(one)}`).join('\n') });
}

/** A check that throws is a failed case, not the end of the run. */
async function differencesIn(suite: Suite, measured: unknown, folder: string): Promise<Mismatch[]> {
  try {
    return await suite.check(measured, folder);
  } catch (error) {
    return failedCheck(`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
