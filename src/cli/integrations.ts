import { rm } from 'node:fs/promises';
import { type Config, integrationsDirectory, loadConfig } from '../config.ts';
import { installPackage } from '../integrations/packages/install-package.ts';
import { listInstalledPackages, packageIdOf } from '../integrations/packages/installed-packages.ts';
import { loadPackages } from '../integrations/packages/load-packages.ts';
import type { LoadedPackage } from '../integrations/packages/loaded-package.ts';
import { createPackageThreads, type PackageThreads } from '../integrations/packages/package-threads.ts';
import { PACKAGE_WORKER_FILE } from '../integrations/packages/worker-file.ts';
import { systemClock } from '../lib/clock.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { prepareDataDir } from '../store/embedded/data-dir.ts';

/** `sluice integrations add <package>`: installs it and lists its modules. Returns the exit code. */
export async function addIntegration(source: string): Promise<number> {
  return withThreads(async ({ directory, threads }) => {
    const installed = await installPackage(source, { directory, threads, env: process.env });
    if (!installed.ok) return refuse(installed.error);
    say(
      `${describePackage(installed.value)}\nIt is installed in ${installed.value.folder}. Restart the server to use it.`,
    );
    return 0;
  });
}

/** `sluice integrations list`: what is installed, also what does not load. */
export async function listIntegrations(): Promise<number> {
  return withThreads(async ({ directory, threads }) => {
    const { packages, broken } = await loadPackages(directory, threads);
    for (const each of packages) say(describePackage(each));
    for (const each of broken) say(`${each.packageName} cannot be used: ${each.reason}`);
    if (packages.length + broken.length === 0) say(`No packages are installed in ${directory}.`);
    return 0;
  });
}

/** `sluice integrations remove <name>`: by the npm name or the name without its scope. */
export async function removeIntegration(name: string): Promise<number> {
  return withThreads(async ({ directory }) => {
    const installed = (await listInstalledPackages(directory)).find((one) => one.id === packageIdOf(name));
    if (!installed) return refuse(`No package ${name} is installed; "sluice integrations list" shows what is.`);
    await rm(installed.folder, { recursive: true });
    say(
      `${installed.packageName} is removed. Restart the server; flows that use its modules then report them as missing.`,
    );
    return 0;
  });
}

async function withThreads(
  run: (tools: { directory: string; threads: PackageThreads }) => Promise<number>,
): Promise<number> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) return refuse(loaded.error.map(({ message }) => message).join('\n'));
  const directory = prepareDirectory(loaded.value);
  if (!directory.ok) return refuse(directory.error);
  const threads = createPackageThreads({ clock: systemClock, workerFile: PACKAGE_WORKER_FILE, ...SHUT });
  try {
    return await run({ directory: directory.value, threads });
  } finally {
    await threads.close();
  }
}

/** The data directory is made as the server makes it, which must be able to use it afterwards. */
function prepareDirectory(config: Config): Result<string, string> {
  if (config.integrationsDir === null) {
    const prepared = prepareDataDir(config.dataDir);
    if (!prepared.ok) return fail(prepared.error.message);
  }
  return ok(integrationsDirectory(config));
}

/** Only to load packages: nothing is sent, so no network is allowed and no variable is seen. */
const SHUT = { allowedNetworks: [], env: {}, nodeEnv: 'production' } as const;

function describePackage({ name, provider, packageName, version, modules }: LoadedPackage): string {
  const lines = [`${packageName} ${version} (${name}, ${provider})`];
  for (const module of modules) {
    lines.push(`  ${module.id}  ${module.name}`);
    lines.push(`    takes ${joinNames(module.requestVariables)}`);
    lines.push(`    answers ${joinNames(module.responseVariables)}`);
    if (module.envVariables.length > 0) lines.push(`    reads ${module.envVariables.join(', ')} of the environment`);
  }
  return lines.join('\n');
}

function joinNames(variables: LoadedPackage['modules'][number]['requestVariables']): string {
  return variables.map(({ name, required }) => (required ? `${name}*` : name)).join(', ') || 'nothing';
}

function say(text: string): void {
  // What a package calls itself must not steer the terminal.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  process.stdout.write(`${text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '')}\n`);
}

function refuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 1;
}
