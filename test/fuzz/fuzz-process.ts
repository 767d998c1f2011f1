import { openSync, writeSync } from 'node:fs';
import { serveParent } from '../../bench/processes.ts';
import { type FuzzReport, runTarget } from './run-target.ts';
import { FUZZ_TARGETS } from './targets.ts';

export interface FuzzWork {
  name: string;
  seconds: number;
  seed: number;
  /** Where each input is written before it runs: a counter, a line break, the input as a JSON text. */
  currentFile: string;
}

export const fuzzHandlers = { fuzz };

function fuzz({ name, seconds, seed, currentFile }: FuzzWork): FuzzReport {
  const target = FUZZ_TARGETS.find((each) => each.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  const file = openSync(currentFile, 'w');
  let started = 0;
  const onInput = (input: string): void => {
    started += 1;
    // Over what is there, which may be longer: the last line break ends the input.
    writeSync(file, `${started}\n${JSON.stringify(input)}\n`, 0);
  };
  return runTarget(target, { seconds, seed, onInput });
}

serveParent(import.meta.url, fuzzHandlers);
