import { createBLAKE3, createHMAC, createSHA256 } from 'hash-wasm';
import { SEARCH_HASH_BYTES } from '../search/exact-values.ts';

/**
 * HMAC-SHA-256 of texts with one key. Not `node:crypto`: each of its hashes is a native object that the collector has to
 * visit twice, which together took as long as all rules of a lead.
 */
export async function createKeyedHash(key: Uint8Array): Promise<(text: string) => Buffer> {
  const hasher = await createHMAC(createSHA256(), key);
  return (text) => {
    const { buffer, byteOffset, byteLength } = hasher.init().update(text).digest('binary');
    return Buffer.from(buffer, byteOffset, byteLength);
  };
}

/** Of a key of BLAKE3. */
const KEY_BITS = 256;

/** Bytes of a text that is written where its bytes are hashed; a longer one gets a buffer of its own. */
const TEXT_BYTES_MAX = 1_024;
/** Of a UTF-16 unit in UTF-8. */
const UNIT_BYTES_MAX = 3;

/**
 * Makes the words that stand for values in the search: 96 bits of BLAKE3 with a key that follows from the one of the
 * installation. A third of the time of HMAC-SHA-256, because what is hashed fits in one block: each lead has some four. A
 * third of the rest were objects, so one buffer takes all texts, and there is one view of it for each length.
 */
export async function createSearchHash(key: Uint8Array): Promise<(text: string) => Uint8Array> {
  const derive = await createKeyedHash(key);
  const hasher = await createBLAKE3(SEARCH_HASH_BYTES * 8, derive('\0search').subarray(0, KEY_BITS / 8));
  const bytes = Buffer.alloc(TEXT_BYTES_MAX);
  const views = Array.from({ length: TEXT_BYTES_MAX + 1 }, (_, length) => bytes.subarray(0, length));
  return (text) => {
    const written = text.length * UNIT_BYTES_MAX > TEXT_BYTES_MAX ? text : views[bytes.write(text)];
    return hasher
      .init()
      .update(written ?? text)
      .digest('binary');
  };
}
