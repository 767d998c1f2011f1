// Plain JavaScript: it runs before the bundle, also in a package that has no sources and no build tools.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const CONSOLE_SOURCES = ['console/src', 'console/public', 'console/index.html', 'console/vite.config.ts', 'client/src'];

/** Is there no bundle of the server, or one older than a source? A package without sources comes with its bundle. */
export function isServerStale() {
  return isOlder('dist/main.js', ['src']);
}

/** The same of the console. */
export function isConsoleStale() {
  return isOlder('dist/app/index.html', CONSOLE_SOURCES);
}

function isOlder(path, sources) {
  const built = join(root, path);
  if (!existsSync(built)) return true;
  const found = sources.map((source) => join(root, source)).filter((source) => existsSync(source));
  return found.some((source) => newestChange(source) > statSync(built).mtimeMs);
}

/** Of a file, or of the files of a folder that are no tests; epoch ms. */
function newestChange(path) {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name));
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs));
}
