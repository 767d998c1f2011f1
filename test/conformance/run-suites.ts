import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from './suite.ts';

/** How one file of cases went. `total` counts the cases of modules we have. */
export interface FileReport {
  file: string;
  /** false: no suite knows the file. */
  isKnown: boolean;
  total: number;
  passed: number;
  notYet: number;
  lenient: Difference[];
  failures: Difference[];
}

export interface Difference {
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
    const report: FileReport = {
      file,
      isKnown: suite !== undefined,
      total: 0,
      passed: 0,
      notYet: 0,
      lenient: [],
      failures: [],
    };
    if (suite !== undefined) await checkFile(report, suite, readFileSync(join(folder, file), 'utf8'));
    reports.push(report);
  }
  return reports;
}

async function checkFile(report: FileReport, suite: Suite, content: string): Promise<void> {
  for (const [index, text] of content.split('\n').entries()) {
    if (text.trim() === '') continue;
    const measured: unknown = JSON.parse(text);
    if (suite.isNotYet?.(measured)) report.notYet += 1;
    else await checkCase(report, suite, { line: index + 1, measured });
  }
}

async function checkCase(report: FileReport, suite: Suite, entry: { line: number; measured: unknown }): Promise<void> {
  report.total += 1;
  const text = await differenceOf(suite, entry.measured);
  if (text === undefined) {
    report.passed += 1;
    return;
  }
  const rule = suite.lenient?.find((candidate) => candidate.covers(entry.measured));
  if (rule === undefined) report.failures.push({ line: entry.line, text });
  else report.lenient.push({ line: entry.line, text: `${rule.why}\n${text}` });
}

/** A check that throws is a failed case, not the end of the run. */
async function differenceOf(suite: Suite, measured: unknown): Promise<string | undefined> {
  try {
    return await suite.check(measured);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}
