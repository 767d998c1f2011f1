import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage } from '../../src/integrations/packages/install-package.ts';
import { listInstalledPackages } from '../../src/integrations/packages/installed-packages.ts';
import { createPackageThreads, type PackageThreads } from '../../src/integrations/packages/package-threads.ts';
import { PACKAGE_WORKER_FILE } from '../../src/integrations/packages/worker-file.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { packageRoot } from '../../src/package-root.ts';
import { buildPackageWorker } from './packages-directory.ts';

const FIXTURES = join(packageRoot, 'test', 'packages', 'fixtures');
const parent = mkdtempSync(join(tmpdir(), 'sluice-installation-'));
const directory = join(parent, 'integrations');
let threads: PackageThreads;

beforeAll(async () => {
  await buildPackageWorker();
  const shut = { allowedNetworks: [], env: {}, nodeEnv: 'production' as const };
  threads = createPackageThreads({ clock: systemClock, workerFile: PACKAGE_WORKER_FILE, ...shut });
});

afterAll(async () => {
  await threads.close();
  rmSync(parent, { recursive: true, force: true });
});

const install = (source: string, env: Record<string, string | undefined> = process.env) =>
  installPackage(source, { directory, threads, env });

describe('sluice integrations', () => {
  const sluice = (...given: string[]) =>
    spawnSync(process.execPath, [join(packageRoot, 'bin', 'sluice.js'), 'integrations', ...given], {
      cwd: parent,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: parent, SLUICE_INTEGRATIONS_DIR: join(parent, 'told') },
    });

  it('adds, lists and removes', () => {
    expect(sluice('list').stdout).toContain('No packages are installed in');
    const added = sluice('add', join(FIXTURES, 'waiting-package'));
    expect(added).toMatchObject({ status: 0, stdout: expect.stringContaining('  acme-waiting.outbound  Outbound\n') });
    expect(sluice('list').stdout).toContain('acme-waiting 0.0.1 (Acme-waiting, Acme-waiting)');
    expect(sluice('remove', 'acme-waiting')).toMatchObject({ status: 0 });
    const gone = sluice('remove', 'acme-waiting');
    expect(gone).toMatchObject({ status: 1, stderr: expect.stringContaining('No package acme-waiting is installed') });
  });
});

describe('an installation', () => {
  it('copies a folder into a private directory, by the id of the package', { timeout: 60_000 }, async () => {
    const installed = await install(join(FIXTURES, 'hostile-package'));
    expect(installed).toMatchObject({ ok: true, value: { id: 'leadconduit-hostile', version: '1.2.3' } });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect((await listInstalledPackages(directory)).map(({ id }) => id)).toEqual(['leadconduit-hostile']);
  });

  it('takes the place of an earlier one', { timeout: 60_000 }, async () => {
    expect(await install(join(FIXTURES, 'hostile-package'))).toMatchObject({ ok: true });
    expect(await listInstalledPackages(directory)).toHaveLength(1);
  });

  it.each([
    ['--prefix=/tmp', 'is neither the name of an npm package'],
    ['-g', 'is neither the name of an npm package'],
    ['git+ssh://git@git.example.com/a.git', 'is neither the name of an npm package'],
    ['https://a.example.com/a.tgz', 'is neither the name of an npm package'],
    ['acme/repository', 'is neither the name of an npm package'],
    ['name; echo', 'is neither the name of an npm package'],
    ['a'.repeat(300), 'is neither the name of an npm package'],
    ['', 'is neither the name of an npm package'],
    ['./no-such-folder', 'There is no package.json in'],
  ])('of %j is refused', async (source, sentence) => {
    expect(await install(source)).toMatchObject({ ok: false, error: expect.stringContaining(sentence) });
  });

  it.each([
    ['plain-package', 'acme-plain is not an integration package'],
    ['broken-package', 'The package acme-broken could not be loaded: it has no key.'],
  ])('of %s leaves nothing behind', { timeout: 60_000 }, async (fixture, sentence) => {
    const refused = await install(join(FIXTURES, fixture));
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining(sentence) });
    expect(readdirSync(directory)).toEqual(['leadconduit-hostile']);
  });

  it('without npm says where it is had', async () => {
    const refused = await install('leadconduit-custom', { PATH: parent });
    expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('npm was not found') });
    expect(existsSync(join(directory, 'leadconduit-custom'))).toBe(false);
  });
});
