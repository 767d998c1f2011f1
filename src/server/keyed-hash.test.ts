import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeyedHash, createSearchHash } from './keyed-hash.ts';

it('createKeyedHash makes what node:crypto makes, whatever the key and the text', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('', '\ud800', 'ä€😀', 'x'.repeat(100_000)),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 130 }), fc.array(text), async (key, texts) => {
      const hash = await createKeyedHash(key);
      const made = texts.map(hash);
      const expected = texts.map((each) => createHmac('sha256', key).update(each).digest());
      expect(made.map((each) => each.toString('hex'))).toEqual(expected.map((each) => each.toString('hex')));
      expect(made.every((each) => Buffer.isBuffer(each))).toBe(true);
    }),
  );
});

it('createSearchHash makes 96 bits that depend on the key and the text alone', async () => {
  const [hash, again, other] = await Promise.all(['a', 'a', 'b'].map((key) => createSearchHash(Buffer.from(key))));
  const texts = ['', 'a', 'ä€😀', 'x'.repeat(1_000)];
  const made = (hashText?: (text: string) => Uint8Array) =>
    texts.map((text) => Buffer.from(hashText?.(text) ?? []).toString('hex'));
  expect(made(hash)).toEqual(made(again));
  expect(new Set([...made(hash), ...made(other)]).size).toBe(2 * texts.length);
  expect(made(hash)[0]).toHaveLength(24);
});
