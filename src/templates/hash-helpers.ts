import {
  createMD4,
  createMD5,
  createRIPEMD160,
  createSHA1,
  createSHA224,
  createSHA256,
  createSHA384,
  createSHA512,
  createWhirlpool,
  type IHasher,
} from 'hash-wasm';
import { assert } from '../lib/assert.ts';
import { fail, ok } from '../lib/result.ts';
import { textOf } from '../variables/rich-value.ts';
import { isExhausted, spendSteps } from './evaluation.ts';
import type { TemplateHelper } from './template-helper.ts';

/** The digests of the template language and who makes them; `ripemd` is the older name of `ripemd160`. */
const DIGESTS: readonly [name: string, create: () => Promise<IHasher>][] = [
  ['md4', createMD4],
  ['md5', createMD5],
  ['ripemd', createRIPEMD160],
  ['ripemd160', createRIPEMD160],
  ['sha1', createSHA1],
  ['sha224', createSHA224],
  ['sha256', createSHA256],
  ['sha384', createSHA384],
  ['sha512', createSHA512],
  ['whirlpool', createWhirlpool],
];

const hashers = new Map<string, IHasher>();

/**
 * Makes the hash helpers ready; call it once at start, before the first template with a hash is evaluated. It is
 * asynchronous because WebAssembly is; a second call does nothing.
 */
export async function prepareHashes(): Promise<void> {
  if (hashers.size > 0) return;
  const made = await Promise.all(DIGESTS.map(async ([name, create]) => [name, await create()] as const));
  for (const [name, hasher] of made) hashers.set(name, hasher);
}

const ENCODINGS: ReadonlyMap<string, (bytes: Uint8Array) => string> = new Map([
  ['hex', (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')],
  ['base64', (bytes) => btoa(String.fromCharCode(...bytes))],
  ['latin1', (bytes) => String.fromCharCode(...bytes)],
]);

/** Measured for the slowest, whirlpool: 15 to 25 µs a call and 13 ns a character. */
const STEPS_PER_CALL = 8;
const STEPS_PER_CHARACTER = 1 / 256;

/** More values than anybody joins. */
const VALUES_MAX = 32;

/**
 * `{{sha256 lead.email salt="pepper"}}`: the digest of the values and then the salt, joined without anything between
 * (the salt's place is assumed), as UTF-8. `encoding` is `hex`, `base64` or `latin1`. Of nothing there is no digest:
 * the digest of the empty text would pass for a person.
 */
export const hashHelpers: readonly TemplateHelper[] = DIGESTS.map(([name]) => ({
  name,
  valuesMin: 1,
  valuesMax: VALUES_MAX,
  compile: ({ named }) => {
    const written = named.get('encoding');
    if (written !== undefined && !ENCODINGS.has(textOf(written))) {
      return fail(`There is no such encoding: the encodings are ${[...ENCODINGS.keys()].join(', ')}.`);
    }
    return ok({
      run: ({ values, named: given }, evaluation) => {
        const text = values.map((value) => textOf(value)).join('');
        if (text === '') return '';
        const encode = ENCODINGS.get(textOf(given.get('encoding') ?? 'hex')) ?? ENCODINGS.get('hex');
        const salted = text + textOf(given.get('salt'));
        spendSteps(evaluation, STEPS_PER_CALL + salted.length * STEPS_PER_CHARACTER);
        return isExhausted(evaluation) ? '' : encode?.(digest(name, salted));
      },
    });
  },
}));

function digest(name: string, text: string): Uint8Array {
  const hasher = hashers.get(name);
  assert(hasher, 'prepareHashes was awaited before templates are evaluated');
  return hasher.init().update(text).digest('binary');
}
