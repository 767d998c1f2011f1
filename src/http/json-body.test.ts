import { describe, expect, it } from 'vitest';
import { parseJsonBody } from './json-body.ts';

const list = (count: number, member: string) => `[${Array.from({ length: count }, () => member).join(',')}]`;

describe('parseJsonBody', () => {
  it('takes a hundred thousand values, and more in longer bodies', () => {
    expect(parseJsonBody(list(100_000, '1')).ok).toBe(true);
    expect(parseJsonBody(list(200_000, '"sixteen characters"')).ok).toBe(true);
  });

  it('refuses more short ones, in one object or many', () => {
    const refused = { ok: false, error: expect.stringMatching(/^The body has too many values for its length/) };
    expect(parseJsonBody(list(100_001, '1'))).toEqual(refused);
    expect(parseJsonBody(list(60_000, '{"a":1,"b":2}'))).toEqual(refused);
  });

  it('commas inside of texts do not count, however they are escaped', () => {
    const text = `${'a,'.repeat(60_000)}\\\\\\"${',b'.repeat(60_000)}\\\\`;
    expect(parseJsonBody(`["${text}",1]`).ok).toBe(true);
  });
});
