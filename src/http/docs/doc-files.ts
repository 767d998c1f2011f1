import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { buildLibrary, type DocFile, type DocLibrary } from '../../documentation/library.ts';
import { assert } from '../../lib/assert.ts';
import { holdOnceThere } from '../hold-once-there.ts';

/** null: the installation has no folder `docs/`. */
export type FindDocs = () => Promise<DocLibrary | null>;

/** There are some two hundred, with a megabyte; each process that is asked for one holds all. */
const FILES_MAX = 2_000;
const BYTES_MAX = 16 * 1024 * 1024;

/** The Markdown files of a folder, read at the first request and then held, as those of the console are. */
export function createDocFiles(folder: string): FindDocs {
  return holdOnceThere(() => readDocs(folder));
}

async function readDocs(folder: string): Promise<DocLibrary | null> {
  try {
    const files: DocFile[] = [];
    let size = 0;
    // One after another: threads that read them also look up names for deliveries.
    for (const path of await listPaths(folder)) {
      const text = await readFile(join(folder, path), 'utf8');
      size += text.length;
      assert(size <= BYTES_MAX, `the documentation has at most ${BYTES_MAX} characters`);
      files.push({ path: path.replaceAll(sep, '/'), text });
    }
    return files.length === 0 ? null : buildLibrary(files);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function listPaths(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.md'));
  assert(files.length <= FILES_MAX, `the documentation has at most ${FILES_MAX} files`);
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
