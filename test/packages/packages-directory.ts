import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import { type OpenPackages, openPackages } from '../../src/integrations/packages/open-packages.ts';
import { PACKAGE_WORKER_FILE } from '../../src/integrations/packages/worker-file.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { packageRoot } from '../../src/package-root.ts';
import { buildSluice } from '../harness/sluice-process.ts';

/** Makes what the threads run: they cannot run TypeScript. */
export async function buildPackageWorker(): Promise<void> {
  await buildSluice();
}

export interface PackagesDirectory {
  directory: string;
  /** Puts a fixture where an installation would have put it. */
  place(fixture: string, packageName: string): void;
  open(options?: { networks?: string[]; nodeEnv?: 'test' }): Promise<OpenPackages>;
  remove(): void;
}

/** A directory of integration packages of its own. */
export function createPackagesDirectory(): PackagesDirectory {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-packages-'));
  return {
    directory,
    place: (fixture, packageName) => {
      const folder = join(directory, packageName.slice(packageName.indexOf('/') + 1));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { [packageName]: '*' } }));
      cpSync(join(packageRoot, 'test', 'packages', 'fixtures', fixture), join(folder, 'node_modules', packageName), {
        recursive: true,
      });
    },
    open: ({ networks = [], nodeEnv } = {}) =>
      openPackages({
        clock: systemClock,
        directory,
        workerFile: PACKAGE_WORKER_FILE,
        allowedNetworks: networks.map((text) => {
          const network = parseAllowedNetwork(text);
          if (!network.ok) throw new Error(network.error);
          return network.value;
        }),
        env: { ACME_TOKEN: 'acme', SLUICE_SECRET_KEY: 'ours', DATABASE_URL: 'ours', HOME: 'ours' },
        ...(nodeEnv ? { nodeEnv } : {}),
      }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
