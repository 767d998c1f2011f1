import { describe, expect, it } from 'vitest';
import type { Cell } from './intake.ts';
import { isInRatio } from './intake-floors.ts';

describe('a check of ratios alone', () => {
  const needed: Omit<Cell, 'node'>[] = [
    { variant: 'sluice', workload: 'hot-cap', connections: 64 },
    { variant: 'one-statement', workload: 'hot-cap', connections: 64 },
    { variant: 'sluice', workload: 'rejected', connections: 256 },
    { variant: 'sluice', workload: 'delivered', connections: 256 },
    { variant: 'raw', workload: 'echo', connections: 256 },
  ];

  it('looks at both sides of each ratio and at nothing else', () => {
    const all = ['raw', 'one-statement', 'sluice'].flatMap((variant) =>
      (variant === 'raw' ? ['echo'] : ['rejected', 'delivered', 'hot-cap']).flatMap((workload) =>
        [64, 256].map((connections) => ({ variant, workload, connections }) as Omit<Cell, 'node'>),
      ),
    );
    const looked = all.filter(isInRatio);
    expect(looked).toHaveLength(needed.length);
    expect(looked).toEqual(expect.arrayContaining(needed));
  });
});
