import { createHMAC, createSHA256 } from 'hash-wasm';

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
