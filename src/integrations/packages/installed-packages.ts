import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package in the operator's directory, as read from its files; it need not be one that works. */
export interface InstalledPackage {
  /** The npm name without its scope; module ids begin with it. */
  id: string;
  /** The npm name. */
  packageName: string;
  /** Its own folder in the directory; the package itself is in `node_modules` there. */
  folder: string;
  version: string;
  description: string;
  repoUrl: string | null;
}

/** More are not looked at; a directory with so many is not ours. */
const PACKAGES_MAX = 500;

/** The packages of the operator's directory, in the order of their ids. None when there is no such directory yet. */
export async function listInstalledPackages(directory: string): Promise<InstalledPackage[]> {
  const names = (await namesIn(directory)).filter((name) => !name.startsWith('.')).sort();
  const read = await Promise.all(
    names.slice(0, PACKAGES_MAX).map((name) => readInstalledPackage(join(directory, name))),
  );
  return read.flatMap((one) => one ?? []);
}

/** The package that was installed into this folder; undefined when nothing was. */
export async function readInstalledPackage(folder: string): Promise<InstalledPackage | undefined> {
  const [packageName] = Object.keys(readObject((await readJson(join(folder, 'package.json')))['dependencies']));
  if (packageName === undefined) return undefined;
  const manifest = await readJson(join(packageFolder({ folder, packageName }), 'package.json'));
  const repository = manifest['repository'];
  return {
    id: packageIdOf(packageName),
    packageName,
    folder,
    version: readText(manifest['version']) ?? '0.0.0',
    description: readText(manifest['description']) ?? '',
    repoUrl: readText(repository) ?? readText(readObject(repository)['url']) ?? null,
  };
}

/** Where the package itself lies. */
export function packageFolder({ folder, packageName }: Pick<InstalledPackage, 'folder' | 'packageName'>): string {
  return join(folder, 'node_modules', packageName);
}

/** Scopes are dropped in ids (spec modules a1). */
export function packageIdOf(packageName: string): string {
  return packageName.slice(packageName.indexOf('/') + 1);
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch {
    // Made at the first installation.
    return [];
  }
}

/** An empty object for what is no JSON document: the package then has no name, version or modules. */
async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    return readObject(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}

function readObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
