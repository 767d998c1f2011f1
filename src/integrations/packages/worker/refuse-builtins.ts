import { createRequire, syncBuiltinESMExports } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * What code of a package may not do, because it would act outside its thread or around the guard of its connections:
 * module and members, `*` for every function. Loading such a module is let through, since libraries load what they
 * never use; using it throws.
 */
const REFUSED: readonly (readonly [module: string, members: readonly string[]])[] = [
  ['child_process', ['*']],
  ['cluster', ['*']],
  ['dgram', ['*']],
  ['inspector', ['*']],
  ['worker_threads', ['Worker', 'BroadcastChannel', 'setEnvironmentData', 'moveMessagePortToContext']],
  ['dns', ['setServers']],
  ['os', ['setPriority']],
  ['v8', ['setFlagsFromString', 'setHeapSnapshotNearHeapLimit', 'writeHeapSnapshot', 'startupSnapshot']],
];

/** `kill` and `abort` end the whole server; `binding` and `dlopen` reach below the guard. */
const REFUSED_OF_PROCESS = ['binding', '_linkedBinding', 'dlopen', 'kill', 'abort', '_kill', '_debugProcess'] as const;

/** Makes the refusals of the table hold for `require`, `import` and `process.getBuiltinModule` alike. */
export function refuseBuiltins(): void {
  for (const [module, members] of REFUSED) {
    const exported: Record<string, unknown> = require(`node:${module}`);
    const names = members.includes('*') ? listFunctions(exported) : members;
    for (const name of names) replace(exported, name, `${module}.${name}`);
  }
  const threads: Record<string, unknown> = require('node:worker_threads');
  // The way to the server is for our code alone.
  for (const name of ['parentPort', 'workerData']) Object.defineProperty(threads, name, { value: null });
  for (const name of REFUSED_OF_PROCESS) replace(process, name, `process.${name}`);
  const { Resolver } = require('node:dns');
  replace(Resolver.prototype, 'setServers', 'dns.Resolver.setServers');
  replace(require('node:net').Server.prototype, 'listen', 'net.Server.listen');
  syncBuiltinESMExports();
}

function listFunctions(exported: Record<string, unknown>): string[] {
  return Object.keys(exported).filter((name) => typeof exported[name] === 'function');
}

function replace(owner: object, name: string, shown: string): void {
  const refuse = function refused(): never {
    throw new Error(`${shown} is not available to integration packages`);
  };
  Object.defineProperty(owner, name, { value: refuse, configurable: false, writable: false, enumerable: true });
}
