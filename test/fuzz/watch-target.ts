import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkScript } from '../../bench/processes.ts';
import { keepInput } from './corpus.ts';
import type { fuzzHandlers } from './fuzz-process.ts';
import type { FuzzReport } from './run-target.ts';

/** An input that takes longer never ends. */
const HANG_MS = 10_000;

/** Fuzzes a target in a process of its own, so that an input that never ends is a fault like any other. */
export async function watchTarget(name: string, how: { seconds: number; seed: number }): Promise<FuzzReport> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
  const currentFile = join(folder, 'input');
  const child = forkScript<typeof fuzzHandlers>(new URL('./fuzz-process.ts', import.meta.url));
  let hung: { stop(): void } | undefined;
  try {
    const hang = new Promise<FuzzReport>((resolve) => {
      hung = watch(currentFile, ({ inputs, input }) => {
        const file = keepInput(name, 'hung', input);
        resolve({ inputs, ends: 0, kept: 0, faults: [`${name}/${file}: did not end in ${HANG_MS} ms`] });
      });
    });
    return await Promise.race([child.ask('fuzz', { name, ...how, currentFile }), hang]);
  } finally {
    hung?.stop();
    await child.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Reports the input that has been running since the last look. */
function watch(currentFile: string, onHung: (hung: { inputs: number; input: string }) => void): { stop(): void } {
  let seen = '';
  const timer = setInterval(() => {
    const [started = '', json = '""'] = readFileSync(currentFile, 'utf8').split('\n');
    if (started === seen) onHung({ inputs: Number(started), input: String(JSON.parse(json)) });
    seen = started;
  }, HANG_MS);
  return { stop: () => clearInterval(timer) };
}
