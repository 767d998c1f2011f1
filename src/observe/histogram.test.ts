import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createHistogram } from './histogram.ts';

const BUCKETS = [0.001, 0.5, 1];
const VALUES = [0, 0.001, 0.0011, 0.5, 0.75, 1, 1.5, 400];

function openRegistry(): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ worker: '1' });
  return registry;
}

/** The lines in any order, the labels of each in any order. */
function readLines(text: string): string[] {
  const sorted = (labels: string) => labels.split(',').sort().join();
  return text
    .split('\n')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${sorted(labels)}}`))
    .sort();
}

describe('a histogram', () => {
  it('is written as the library writes its own', async () => {
    const [own, library] = [openRegistry(), openRegistry()];
    const options = { name: 'phase_seconds', help: 'How long each phase took.', buckets: BUCKETS };
    const counted = createHistogram({ ...options, registers: [own] });
    const expected = new Histogram({ ...options, labelNames: ['phase', 'queue'], registers: [library] });
    for (const phase of ['caps', 'a "quoted" one']) {
      for (const value of VALUES) {
        counted.series({ phase, queue: 'commit' }).observe(value);
        expected.observe({ phase, queue: 'commit' }, value);
      }
    }
    expect(readLines(await own.metrics())).toEqual(readLines(await library.metrics()));
  });

  it('without labels is there before its first value, a series with labels is not', async () => {
    const [own, library] = [openRegistry(), openRegistry()];
    const options = { name: 'lead_seconds', help: 'How long senders waited.', buckets: BUCKETS };
    createHistogram({ ...options, registers: [own] }).series({});
    new Histogram({ ...options, registers: [library] });
    expect(readLines(await own.metrics())).toEqual(readLines(await library.metrics()));

    const registry = openRegistry();
    createHistogram({ ...options, registers: [registry] }).series({ phase: 'caps' });
    expect(await registry.metrics()).not.toContain('caps');
  });

  it('refuses a name that is taken', () => {
    const registry = openRegistry();
    const options = { name: 'taken', help: 'A number.', buckets: BUCKETS, registers: [registry] };
    createHistogram(options);
    expect(() => createHistogram(options)).toThrow('taken');
  });
});
