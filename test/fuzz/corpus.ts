import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The inputs kept of earlier runs, one file each, UTF-16 as JSON strings because lone surrogates have no UTF-8. */
const CORPUS = fileURLToPath(new URL('./corpus/', import.meta.url));

/** More say nothing new and slow the tests down. */
export const KEPT_MAX = 150;

/** Every kept input of a target, with the name of its file. */
export function readCorpus(target: string): { file: string; input: string }[] {
  const folder = join(CORPUS, target);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const input: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (typeof input !== 'string') throw new Error(`${target}/${file} is not a JSON text`);
    return { file, input };
  });
}

/** Keeps an input under a name made of its content and answers the name. `why` is `seen`, `threw`, `slow` or `hung`. */
export function keepInput(target: string, why: 'seen' | 'threw' | 'slow' | 'hung', input: string): string {
  const folder = join(CORPUS, target);
  mkdirSync(folder, { recursive: true });
  const name = `${why}-${createHash('sha256').update(input, 'utf16le').digest('hex').slice(0, 12)}.json`;
  const json = JSON.stringify(input).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  writeFileSync(join(folder, name), `${json}\n`);
  return name;
}
