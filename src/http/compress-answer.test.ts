import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { acceptsGzip, createCompressAnswer } from './compress-answer.ts';

it.each([
  [undefined, false],
  ['', false],
  ['identity', false],
  ['gzip', true],
  ['GZIP', true],
  ['gzip, deflate, br', true],
  ['deflate;q=1, gzip;q=0.5', true],
  ['gzip;q=0', false],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0, *', false],
  ['gzip;q=never', false],
])('a caller that accepts %j reads gzip: %s', (header, reads) => {
  expect(acceptsGzip(header)).toBe(reads);
});

it('makes an answer small, two at once, and lets further ones go as they are', async () => {
  const compressAnswer = createCompressAnswer();
  const bytes = Buffer.from('{"outcome":"failure"}'.repeat(1_000));
  const answers = await Promise.all([1, 2, 3].map(() => compressAnswer(bytes, 'gzip')));
  const compressed = answers.filter((answer) => answer !== null);
  expect(compressed).toHaveLength(2);
  for (const each of compressed) {
    expect(each.length).toBeLessThan(bytes.length / 10);
    expect(gunzipSync(each)).toEqual(bytes);
  }
  expect(await compressAnswer(bytes, 'gzip')).not.toBeNull();
  expect(await compressAnswer(bytes, 'br')).toBeNull();
});
