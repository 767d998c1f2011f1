import { KEPT_MAX, keepInput, readCorpus } from './corpus.ts';
import { mutate } from './mutate.ts';
import { createRandom, type Random } from './random.ts';
import type { FuzzTarget } from './target.ts';
import { tryInput } from './try-input.ts';

export interface FuzzOptions {
  seconds: number;
  seed: number;
  /** Receives each input before it runs, so that a watcher can name the one that never ends. */
  onInput(input: string): void;
}

export interface FuzzReport {
  inputs: number;
  /** How many kinds of end were seen. */
  ends: number;
  /** Inputs added to the corpus because their end was new. */
  kept: number;
  /** File and message of each input that is a fault. */
  faults: string[];
}

/** Faults after which a run ends: more of them mostly say the same. */
const FAULTS_MAX = 20;

/**
 * Feeds a target for a time with inputs of its grammar and with changed ones of the corpus. An input that ends in a
 * way not seen before joins the corpus, on disk too, so that later runs go on from it.
 */
export function runTarget(target: FuzzTarget, { seconds, seed, onInput }: FuzzOptions): FuzzReport {
  const random = createRandom(seed);
  const corpus = readCorpus(target.name).map(({ input }) => input);
  const report: FuzzReport = { inputs: 0, ends: 0, kept: 0, faults: [] };
  const ends = new Set<string>();
  const endsAt = performance.now() + seconds * 1000;
  const first = [...corpus];
  while (performance.now() < endsAt && report.faults.length < FAULTS_MAX) {
    const input = first.pop() ?? nextInput(target, random, corpus);
    onInput(input);
    report.inputs += 1;
    const trial = tryInput(target, input);
    if (trial.kind !== 'ended') {
      const detail = trial.kind === 'slow' ? `${trial.ms.toFixed(0)} ms` : trial.message;
      report.faults.push(`${target.name}/${keepInput(target.name, trial.kind, input)}: ${detail}`);
    } else if (!ends.has(trial.end)) {
      ends.add(trial.end);
      if (corpus.length < KEPT_MAX && !corpus.includes(input)) {
        keepInput(target.name, 'seen', input);
        corpus.push(input);
        report.kept += 1;
      }
    }
  }
  return { ...report, ends: ends.size };
}

function nextInput(target: FuzzTarget, random: Random, corpus: readonly string[]): string {
  const kept = (): string => corpus[random.below(corpus.length)] ?? target.generate(random);
  const input = random.oneIn(3) ? target.generate(random) : kept();
  return random.oneIn(4) ? input : mutate(input, random, { tokens: target.tokens, other: kept() });
}
