import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FileReport, type Finding, runSuites } from '../test/conformance/run-suites.ts';
import { SUITES } from '../test/conformance/suites.ts';

/**
 * `npm run conformance -- [folder] [--verbose]`: checks us against files of measured behaviour, one line per file.
 * Exit code 1 when a case fails that is not on a suite's lenient list.
 */
const DEFAULT_FOLDER = fileURLToPath(new URL('../../shared/vectors', import.meta.url));

const { values, positionals } = parseArgs({ allowPositionals: true, options: { verbose: { type: 'boolean' } } });
const folder = positionals[0] ?? DEFAULT_FOLDER;
const reports = await runSuites(folder, SUITES);

if (reports === undefined) console.log(`No case files: ${folder} does not exist.`);
for (const report of reports ?? []) {
  console.log(writeSummary(report));
  if (values.verbose) for (const line of listDetails(report)) console.log(line);
}
process.exitCode = reports?.some((report) => report.failures.length > 0) ? 1 : 0;

function writeSummary(report: FileReport): string {
  if (!report.isKnown) return `${report.file} no suite`;
  const notes = [
    report.failures.length > 0 ? `${report.failures.length} failed` : '',
    report.lenient.length > 0 ? `${report.lenient.length} lenient` : '',
    report.pending > 0 ? `${report.pending} pending` : '',
  ].filter((note) => note !== '');
  return `${report.file} ${report.passed}/${report.total}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

function listDetails(report: FileReport): string[] {
  const describe = (word: string) => (entry: Finding) => `  ${report.file}:${entry.line} ${word} ${entry.text}`;
  return [...report.failures.map(describe('failed')), ...report.lenient.map(describe('lenient'))];
}
