import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { assert } from '../../lib/assert.ts';
import { holdOnceThere } from '../hold-once-there.ts';

/** A file of the built console, as it is sent. */
export interface ConsoleFile {
  type: string;
  /** Of what the file holds; the codings add to it. */
  tag: string;
  /** Its name changes with what it holds, so that browsers keep it for good. */
  isHashed: boolean;
  plain: Buffer;
  /** What the build compressed; null: not worth it. */
  gzip: Buffer | null;
  brotli: Buffer | null;
}

/** The console as it was when it was read: pages and assets of one build. */
export interface BuiltConsole {
  /** index.html, with `{{nonce}}` where a nonce goes. */
  page: string;
  /** By path below `/app/`. */
  files: ReadonlyMap<string, ConsoleFile>;
}

/** null: it is not built. */
export type FindConsole = () => Promise<BuiltConsole | null>;

/** A build has about a hundred; each is held in memory by each process that is asked for the console. */
const FILES_MAX = 2_000;
const BYTES_MAX = 64 * 1024 * 1024;
/** Files that are open at once: threads that read them also look up names for deliveries. */
const READING_MAX = 2;

/** Media types of what a build has, by extension. Anything else is not served. */
export const CONSOLE_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

const PAGE = 'index.html';
/** Where Vite puts what has a hash in its name. */
const HASHED = 'assets/';

/**
 * The console in a folder, read at the first request and then held: no later request waits for the disk, and a build that
 * replaces the folder does not mix with the one that is served.
 */
export function createConsoleFiles(folder: string): FindConsole {
  return holdOnceThere(() => readConsole(folder));
}

async function readConsole(folder: string): Promise<BuiltConsole | null> {
  try {
    const names = await listNames(folder);
    const contents = await readAll(folder, names);
    const page = contents.get(PAGE);
    if (page === undefined) return null;
    const served = names.filter((name) => CONSOLE_TYPES[extname(name)] !== undefined);
    return { page: page.toString('utf8'), files: new Map(served.map((name) => [name, buildFile(name, contents)])) };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Paths with `/`. What begins with a dot is of the build, not of the console. */
async function listNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const names = paths.map((path) => path.slice(folder.length + 1).replaceAll(sep, '/'));
  const shown = names.filter((name) => !name.split('/').some((part) => part.startsWith('.')));
  assert(shown.length <= FILES_MAX, `the console has at most ${FILES_MAX} files`);
  return shown;
}

async function readAll(folder: string, names: readonly string[]): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const left = [...names];
  let size = 0;
  const read = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const bytes = await readFile(join(folder, name));
      size += bytes.length;
      assert(size <= BYTES_MAX, `the console has at most ${BYTES_MAX} bytes`);
      contents.set(name, bytes);
    }
  };
  await Promise.all(Array.from({ length: READING_MAX }, read));
  return contents;
}

function buildFile(name: string, contents: ReadonlyMap<string, Buffer>): ConsoleFile {
  const plain = contents.get(name);
  assert(plain !== undefined, 'what was listed was read');
  return {
    type: CONSOLE_TYPES[extname(name)] ?? 'application/octet-stream',
    tag: createHash('sha256').update(plain).digest('base64url').slice(0, TAG_CHARACTERS),
    isHashed: name.startsWith(HASHED),
    plain,
    gzip: contents.get(`${name}.gz`) ?? null,
    brotli: contents.get(`${name}.br`) ?? null,
  };
}

/** 128 bits. */
const TAG_CHARACTERS = 22;

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
