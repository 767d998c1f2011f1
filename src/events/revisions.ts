import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';

export interface RevisionKey {
  accountId: string;
  flowId: string;
  revision: number;
}

/** A flow as it was, compiled: its documents, its names, its rules. */
export type FindRevision = (key: RevisionKey) => Promise<CompiledFlow>;

/** Revisions never change, so the last ones that were asked for are kept; a compiled flow takes some 100 kB. */
const REVISIONS_MAX = 100;

export function rememberRevisions(load: FindRevision): FindRevision {
  const remembered = new Map<string, Promise<CompiledFlow>>();
  return (key) => {
    const name = `${key.accountId}/${key.flowId}/${key.revision}`;
    const known = remembered.get(name);
    // Entered anew, so that the map's first entry is the one that was asked for longest ago.
    remembered.delete(name);
    const [oldest] = remembered.keys();
    if (remembered.size >= REVISIONS_MAX && oldest !== undefined) remembered.delete(oldest);
    const flow = known ?? forgetOnFailure(load(key), () => remembered.delete(name));
    remembered.set(name, flow);
    return flow;
  };
}

function forgetOnFailure(loading: Promise<CompiledFlow>, forget: () => void): Promise<CompiledFlow> {
  loading.catch(forget);
  return loading;
}
