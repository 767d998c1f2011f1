import type { Metric, Registry } from 'prom-client';

/**
 * A histogram that costs a lead next to nothing: what is counted is an array of numbers for each series, and texts are
 * made when the metrics are read. The library's own makes a text of the labels for each value it counts, which for the
 * phases of a lead took a tenth of the CPU of all phases together.
 */
export interface CheapHistogram {
  /** The series of one set of labels; ask once and keep it where values come often. */
  series(labels: Readonly<Record<string, string>>): HistogramSeries;
}

export interface HistogramSeries {
  observe(value: number): void;
}

interface Counted extends HistogramSeries {
  labels: Readonly<Record<string, string>>;
  /** Values up to each bound and above the bound before it; the last are above all. */
  counts: number[];
  count: number;
  sum: number;
}

export interface HistogramOptions {
  name: string;
  help: string;
  /** Upper bounds, ascending. */
  buckets: readonly number[];
  registers: readonly Registry[];
}

/** A series is written from its first value on, one without labels from the start. */
export function createHistogram({ name, help, buckets, registers }: HistogramOptions): CheapHistogram {
  const all = new Map<string, Counted>();
  const metric = {
    name,
    help,
    get: async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: [...all.values()]
        .filter(({ count, labels }) => count > 0 || Object.keys(labels).length === 0)
        .flatMap((counted) => listValues(name, { counted, buckets })),
    }),
    reset: () => all.clear(),
  };
  // What the registry asks a metric for, without what the library's classes have beside it.
  for (const registry of registers) registry.registerMetric(metric as unknown as Metric);
  return {
    series(labels) {
      const key = JSON.stringify(labels);
      const known = all.get(key) ?? createSeries(labels, buckets);
      all.set(key, known);
      return known;
    },
  };
}

function createSeries(labels: Counted['labels'], buckets: readonly number[]): Counted {
  const counted: Counted = {
    labels,
    counts: [...buckets.map(() => 0), 0],
    count: 0,
    sum: 0,
    observe(value) {
      let bucket = 0;
      // Most values fall into the first buckets.
      while (bucket < buckets.length && value > (buckets[bucket] ?? 0)) bucket += 1;
      counted.counts[bucket] = (counted.counts[bucket] ?? 0) + 1;
      counted.count += 1;
      counted.sum += value;
    },
  };
  return counted;
}

function listValues(name: string, { counted, buckets }: { counted: Counted; buckets: readonly number[] }) {
  const { labels, counts, count, sum } = counted;
  let below = 0;
  const bounds = [...buckets, '+Inf'].map((le, index) => {
    below += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
  });
  return [
    ...bounds,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
