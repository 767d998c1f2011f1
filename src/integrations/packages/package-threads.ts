import type { Clock } from '../../lib/clock.ts';
import type { Transaction } from '../../model/event.ts';
import type { InstalledPackage } from './installed-packages.ts';
import { type HandleAnswer, PackageFault, PackageThread } from './package-thread.ts';
import type { Written } from './rich-message.ts';
import type { DescribedModule, SyncOperation } from './worker-messages.ts';

/** Packages in use at once; the one unused the longest makes room. */
export const THREADS_MAX = 8;
/** How long a call waits for room when all threads are busy. */
const ROOM_MS_MAX = 5_000;
/** Calls that wait for room; further ones fail at once. */
const WAITING_FOR_ROOM_MAX = 1_000;
/** A package that crashes so often rests until the first of the crashes is this long ago. */
export const CRASHES_MAX = 5;
export const CRASHES_WINDOW_MS = 60_000;

export interface PackageThreadsOptions {
  clock: Clock;
  /** The bundled code of src/integrations/packages/worker/package-worker.ts. */
  workerFile: URL | string;
  /** Networks that packages may reach although they are not public, as the setting writes them. */
  allowedNetworks: readonly string[];
  /** The server's environment; a package sees of it only what its modules declare. */
  env: Readonly<Record<string, string | undefined>>;
  /** What modules see as NODE_ENV: published ones refuse `localhost` unless it is `test`. */
  nodeEnv: 'production' | 'test';
}

/** A call of one function of one module. */
export interface ModuleCall {
  package: InstalledPackage;
  /** Names of environment variables the package may see. */
  envVariables: readonly string[];
  path: string;
}

export interface PackageThreads {
  /** Loads the package in a thread that ends at once, and answers its modules. Rejects with a PackageFault. */
  describe(of: InstalledPackage): Promise<{ modules: DescribedModule[]; exportedName: string | null }>;
  /** Runs a function that answers at once. Rejects with a PackageFault. */
  call(at: ModuleCall, operation: SyncOperation, values: Written[]): Promise<unknown>;
  /** Runs `handle`. Rejects with a PackageFault. */
  handle(
    at: ModuleCall,
    vars: Written,
    options: { timeoutMs: number; onExchange(transaction: Transaction): void },
  ): Promise<HandleAnswer>;
  /** Ends every thread. */
  close(): Promise<void>;
}

/** The threads of the packages in use: started when first needed, at most THREADS_MAX, damped when they crash. */
export function createPackageThreads(options: PackageThreadsOptions): PackageThreads {
  const { clock } = options;
  /** Least recently used first: every use moves a package to the end. */
  const threads = new Map<string, PackageThread>();
  /** Took too many calls that never ended; they end when what else runs in them has. */
  const draining = new Set<PackageThread>();
  const crashes = new Map<string, number[]>();
  let waitingForRoom: (() => void)[] = [];

  /** `use` runs at once with the thread, which is then no longer idle: it would make room for another otherwise. */
  async function inThread<T>(at: ModuleCall, use: (thread: PackageThread) => Promise<T>): Promise<T> {
    const { id } = at.package;
    for (let isLast = false; ; isLast = true) {
      const known = threads.get(id);
      threads.delete(id);
      if (known?.isUsable) {
        threads.set(id, known);
        return use(known);
      }
      if (known) draining.add(known);
      refuseWhileResting(at.package);
      if (makeRoom()) break;
      if (isLast || waitingForRoom.length >= WAITING_FOR_ROOM_MAX)
        throw new PackageFault('All threads of integration packages are busy', { hasStarted: false });
      await room();
    }
    const thread = start(at.package, at.envVariables);
    threads.set(id, thread);
    return use(thread);
  }

  function start(of: InstalledPackage, envVariables: readonly string[]): PackageThread {
    const thread: PackageThread = new PackageThread({
      workerFile: options.workerFile,
      start: { folder: of.folder, packageName: of.packageName, allowedNetworks: [...options.allowedNetworks] },
      env: buildEnvironment(options, envVariables),
      onEnd: (isCrash) => {
        if (isCrash) crashes.set(of.id, [...recentCrashes(of.id), clock.monotonic()]);
        if (threads.get(of.id) === thread) threads.delete(of.id);
        draining.delete(thread);
        tellRoom();
      },
      onIdle: tellRoom,
    });
    return thread;
  }

  function recentCrashes(packageId: string): number[] {
    const since = clock.monotonic() - CRASHES_WINDOW_MS;
    return (crashes.get(packageId) ?? []).filter((at) => at > since);
  }

  function refuseWhileResting({ id, packageName }: InstalledPackage): void {
    if (recentCrashes(id).length < CRASHES_MAX) return;
    const reason = `The package ${packageName} crashed ${CRASHES_MAX} times within a minute and is paused`;
    throw new PackageFault(reason, { hasStarted: false });
  }

  /** Is there room for one more thread? Ends the idle one unused the longest, else one that only drains. */
  function makeRoom(): boolean {
    if (threads.size + draining.size < THREADS_MAX) return true;
    const idle = [...threads.values()].find((thread) => thread.isIdle) ?? [...draining][0];
    void idle?.end();
    return idle !== undefined;
  }

  function room(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ROOM_MS_MAX);
      waitingForRoom.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  function tellRoom(): void {
    const waiting = waitingForRoom;
    waitingForRoom = [];
    for (const resolve of waiting) resolve();
  }

  return {
    describe: async (of) => {
      const thread = start(of, []);
      try {
        return await thread.loaded;
      } finally {
        await thread.end();
      }
    },
    call: (at, operation, values) => inThread(at, (thread) => thread.call(operation, at.path, values)),
    handle: (at, vars, limits) => inThread(at, (thread) => thread.handle(at.path, vars, limits)),
    close: async () => {
      await Promise.all([...threads.values(), ...draining].map((thread) => thread.end()));
    },
  };
}

/** Never ours, whatever a package declares. */
const OURS = /^(SLUICE_|DATABASE_URL$|PG)/;

function buildEnvironment({ env, nodeEnv }: PackageThreadsOptions, names: readonly string[]): Record<string, string> {
  const seen = names.flatMap((name): [string, string][] => {
    const value = Object.hasOwn(env, name) && !OURS.test(name) ? env[name] : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(seen), NODE_ENV: nodeEnv };
}
