import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the package, whether this code runs from src/ or bundled from dist/: the nearest one above with a
 * package.json. sql/ and bin/ are found from here.
 */
export const packageRoot: string = nearestPackage(dirname(fileURLToPath(import.meta.url)));

function nearestPackage(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package.json above the code: the installation is not whole');
  return nearestPackage(parent);
}
