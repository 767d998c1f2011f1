import type { CompileDeps } from '../flow-compiler/compile-flow.ts';
import { type CompiledRouter, compileRouter } from '../flow-compiler/compile-router.ts';
import { buildContext } from '../flow-compiler/flow-compiler.ts';
import type { RunSliced } from '../lib/slices.ts';
import type { FlowLookup } from '../pipeline/phase.ts';
import type { ReadSurroundings } from './flow-surroundings.ts';
import type { RouterStore } from './router-store.ts';

export type RouterLookup = { kind: 'found'; router: CompiledRouter } | Exclude<FlowLookup, { kind: 'found' }>;

/** The routers, compiled, as this process knows them. Configuration is read here, never per lead. */
export interface LiveRouters {
  find(routerId: string): RouterLookup;
  /** Reads and compiles those of an account; called with each change of its configuration. */
  follow(accountId: string): Promise<void>;
}

export function createLiveRouters(deps: {
  routers: Pick<RouterStore, 'list'>;
  readSurroundings: ReadSurroundings;
  modules: CompileDeps['modules'];
  runSliced: RunSliced;
  /** Flows and routers are confirmed together: an id of none tells whether they are. */
  findFlow(flowId: string): FlowLookup;
}): LiveRouters {
  const live = new Map<string, CompiledRouter>();
  return {
    find: (routerId) => {
      if (deps.findFlow(routerId).kind === 'stale') return { kind: 'stale' };
      const router = live.get(routerId);
      return router ? { kind: 'found', router } : { kind: 'missing' };
    },
    follow: async (accountId) => {
      const stored = await deps.routers.list(accountId);
      const surroundings = stored.length > 0 ? await deps.readSurroundings(accountId) : null;
      const context = surroundings && buildContext(surroundings, { revision: 0 });
      const compiled: CompiledRouter[] = [];
      if (context) {
        const { modules } = deps;
        // A rule that cannot run any more never passes; the router says so when it is read.
        for (const router of stored)
          compiled.push((await deps.runSliced(compileRouter(router, { context, modules }))).router);
      }
      for (const [id, { account }] of live) if (account.id === accountId) live.delete(id);
      for (const router of compiled) live.set(router.id, router);
    },
  };
}
