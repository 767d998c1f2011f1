import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typeSuites } from './types.ts';

const VECTORS = new URL('../../../shared/vectors/', import.meta.url);

describe.each(typeSuites)('$file', ({ file, check }) => {
  const path = new URL(file, VECTORS);

  it.skipIf(!existsSync(path))('is answered as measured (skipped when ../shared/vectors is absent)', () => {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    const differences = lines.flatMap((line) => {
      const found = check(JSON.parse(line));
      return found === undefined ? [] : [`${line.slice(0, 120)} → ${found}`];
    });
    expect(differences).toEqual([]);
  });
});
