import { describe, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { FUZZ_TARGETS } from './targets.ts';
import { tryInput } from './try-input.ts';

describe('the kept corpus', () => {
  it.each(FUZZ_TARGETS.map((target) => [target.name, target] as const))('of %s ends as it must', (name, target) => {
    const corpus = readCorpus(name);
    expect(corpus.length).toBeGreaterThan(10);
    // Times are for `npm run fuzz` and test/hostile: here other tests share the cores.
    const faults = corpus.flatMap(({ file, input }) => {
      const trial = tryInput(target, input);
      return trial.kind === 'threw' ? [`${file}: ${trial.message}`] : [];
    });
    expect(faults).toEqual([]);
  });
});
