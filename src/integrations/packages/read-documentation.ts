import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentationPage, readFrontMatter } from './front-matter.ts';
import { type InstalledPackage, packageFolder } from './installed-packages.ts';

/** Published pages have a few lines. */
const PAGE_BYTES_MAX = 65_536;

/** The page `docs/<name>.md` of a package; an empty one when there is none (spec modules a1). */
export async function readDocumentation(of: InstalledPackage, name: string): Promise<DocumentationPage> {
  // Names are paths of modules, made of the package's own keys.
  if (!/^[\w.-]+$/.test(name)) return { keys: {}, body: '' };
  try {
    return readFrontMatter(await readBounded(join(packageFolder(of), 'docs', `${name}.md`)));
  } catch {
    return { keys: {}, body: '' };
  }
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PAGE_BYTES_MAX), 0, PAGE_BYTES_MAX, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
