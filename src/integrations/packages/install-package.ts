import { type ExecFileException, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../../lib/result.ts';
import { readInstalledPackage } from './installed-packages.ts';
import { type LoadedPackage, loadPackage } from './loaded-package.ts';
import { PackageFault } from './package-thread.ts';
import type { PackageThreads } from './package-threads.ts';

/** A download over a slow line; a package with its dependencies has some 20 MB. */
const NPM_MS_MAX = 300_000;
const NPM_OUTPUT_BYTES_MAX = 1_048_576;

/** An npm name (npm's own rule), with a version, a range without blanks or a tag behind it. */
const NPM_NAME = /^(@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*(@[\w.^~*+-]{1,64})?$/;
const NAME_MAX = 214;

export interface InstallOptions {
  /** The operator's directory of packages; made when it does not exist. */
  directory: string;
  threads: PackageThreads;
  /** What npm is given of the environment. */
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Installs a package of the npm registry, or of a folder, with the npm of this machine, without running any of its
 * scripts, and loads it once. It takes the place of an earlier version only when it loads and has modules; else a
 * sentence says why it was not installed.
 */
export async function installPackage(source: string, options: InstallOptions): Promise<Result<LoadedPackage, string>> {
  const asked = readSource(source);
  if (!asked.ok) return asked;
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(options.directory, '.new-'));
  try {
    await writeFile(join(draft, 'package.json'), '{ "private": true }\n');
    const installed = await runNpm(asked.value, draft, options.env);
    if (!installed.ok) return installed;
    const checked = await checkPackage(draft, options.threads);
    if (!checked.ok) return checked;
    const folder = join(options.directory, checked.value.id);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    return ok({ ...checked.value, folder });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What npm installs: an absolute folder, or a name of the registry; nothing that npm could take for more. */
function readSource(source: string): Result<string, string> {
  if (isAbsolute(source) || /^\.{1,2}(\/|$)/.test(source)) {
    const folder = resolve(source);
    return existsSync(join(folder, 'package.json')) ? ok(folder) : fail(`There is no package.json in ${folder}.`);
  }
  if (NPM_NAME.test(source) && source.length <= NAME_MAX) return ok(source);
  return fail(
    `"${source}" is neither the name of an npm package, such as leadconduit-custom, nor a folder: begin a folder with ./ or /.`,
  );
}

/** No shell, and `--` before what was asked for: a name is never an option. A folder is copied, not linked. */
async function runNpm(source: string, folder: string, env: InstallOptions['env']): Promise<Result<null, string>> {
  const options = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--install-links', '--loglevel=error'];
  const error = await execute('npm', ['install', '--prefix', folder, ...options, '--', source], { cwd: folder, env });
  if (error === null) return ok(null);
  if (error.code === 'ENOENT') {
    return fail('npm was not found: it comes with Node.js (https://nodejs.org). Put it on the PATH and try again.');
  }
  if (error.killed) return fail(`npm did not finish within ${NPM_MS_MAX / 60_000} minutes.`);
  return fail(`npm could not install ${source}:\n${error.lines}`);
}

interface NpmFault {
  code: unknown;
  killed: boolean;
  lines: string;
}

function execute(
  command: string,
  given: readonly string[],
  { cwd, env }: { cwd: string; env: InstallOptions['env'] },
): Promise<NpmFault | null> {
  const bounds = {
    cwd,
    env: withoutOurs(env),
    timeout: NPM_MS_MAX,
    maxBuffer: NPM_OUTPUT_BYTES_MAX,
    encoding: 'utf8' as const,
  };
  return new Promise((done) => {
    execFile(command, [...given], bounds, (error: ExecFileException | null, stdout, stderr) => {
      if (!error) return done(null);
      const lines = (stderr || stdout).trim().split('\n').slice(0, 8).join('\n');
      return done({ code: error.code, killed: error.killed === true, lines });
    });
  });
}

/** npm needs no secret of ours. */
function withoutOurs(env: InstallOptions['env']): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === undefined || /^(SLUICE_|DATABASE_URL$)/.test(name) ? [] : [[name, value]],
  );
  return Object.fromEntries(kept);
}

async function checkPackage(folder: string, threads: PackageThreads): Promise<Result<LoadedPackage, string>> {
  const installed = await readInstalledPackage(folder);
  if (!installed) return fail('npm reported success but installed nothing.');
  const { packageName } = installed;
  try {
    const loaded = await loadPackage(installed, threads);
    if (loaded.modules.length > 0) return ok(loaded);
    return fail(`${packageName} is not an integration package: it exports no module with request() or handle().`);
  } catch (error) {
    if (!(error instanceof PackageFault)) throw error;
    return fail(`${error.reason}.`);
  }
}
