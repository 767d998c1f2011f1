import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchanges, HandleEnd, HandleModule } from '../../src/integrations/contract.ts';
import type { OpenPackages } from '../../src/integrations/packages/open-packages.ts';
import { THREADS_MAX } from '../../src/integrations/packages/package-threads.ts';
import { buildPackageWorker, createPackagesDirectory, type PackagesDirectory } from './packages-directory.ts';

/** How long the modules of the fixture keep a thread. */
const BUSY_MS = 1_500;

let directory: PackagesDirectory;
let packages: OpenPackages;

beforeAll(async () => {
  await buildPackageWorker();
  directory = createPackagesDirectory();
  for (let count = 0; count <= THREADS_MAX; count += 1) directory.place('waiting-package', `acme-waiting-${count}`);
  packages = await directory.open();
});

afterAll(async () => {
  await packages.close();
  directory.remove();
});

/** `onAsked` is called just before the package is. */
function exchanges(onAsked: () => void = () => undefined): Exchanges {
  return {
    begin: async () => undefined,
    note: () => undefined,
    timeLeftMs: () => {
      onAsked();
      return BUSY_MS;
    },
    send: () => Promise.reject(new Error('a package sends by itself')),
  };
}

/** Their threads have loaded, however busy the machine is. */
async function ready(modules: readonly (HandleModule | undefined)[]): Promise<void> {
  for (const module of modules) await module?.validate({});
}

describe('the threads of packages', () => {
  it('have a bound: one more package waits until a thread ends, and idle ones make room', async () => {
    const modules = packages.modules as HandleModule[]; // the fixture's
    const [last, ...others] = modules;
    await ready(others);
    const began = performance.now();
    let busy: Promise<HandleEnd>[] = [];
    await new Promise<void>((allAsked) => {
      let asked = 0;
      const count = () => {
        asked += 1;
        if (asked === others.length) allAsked();
      };
      busy = others.map((module) => module.handle({}, exchanges(count)));
    });
    expect(await last?.validate({})).toBe('asked');
    expect(performance.now() - began).toBeGreaterThan(BUSY_MS / 2);
    expect((await Promise.all(busy)).map(({ kind }) => kind)).toEqual(others.map(() => 'unknown'));
    for (const module of modules) expect(await module.validate({})).toBe('asked');
  });

  it('delay no other: a busy package is asked while it waits, and so is another', async () => {
    const [first, second] = packages.modules as HandleModule[]; // as above
    await ready([first, second]);
    const order: string[] = [];
    const busy = first?.handle({}, exchanges()).finally(() => order.push('the busy one ended'));
    expect(await first?.validate({})).toBe('asked');
    expect(await second?.validate({})).toBe('asked');
    order.push('the others answered');
    expect(await busy).toMatchObject({ kind: 'unknown' });
    expect(order).toEqual(['the others answered', 'the busy one ended']);
  });
});
