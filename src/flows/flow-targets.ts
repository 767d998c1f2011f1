import { listFlowTargets } from '../lint/flows-in-a-circle.ts';
import type { FlowTargets } from '../model/flow-targets.ts';
import { readInnerPlace, readOwnUri, readRouterId } from '../pipeline/inner-flows.ts';
import type { FlowLookup } from '../pipeline/phase.ts';
import type { RouterLookup } from './live-routers.ts';

/** What the warnings of a flow know of the flows beside it: those that run on this server. */
export function createFlowTargets(deps: {
  publicOrigin: string | null;
  findFlow(flowId: string): FlowLookup;
  findRouter(routerId: string): RouterLookup;
}): FlowTargets {
  const ofUrl = (url: string): readonly string[] => {
    const uri = readOwnUri(url, deps.publicOrigin);
    if (uri === null) return [];
    const place = readInnerPlace(uri);
    if (place !== null) return [place.flowId.toLowerCase()];
    const routerId = readRouterId(uri);
    const found = routerId === null ? null : deps.findRouter(routerId.toLowerCase());
    return found?.kind === 'found' ? found.router.routes.map(({ flowId }) => flowId) : [];
  };
  return {
    ofUrl,
    ofRunning: (flowId) => {
      const live = deps.findFlow(flowId);
      if (live.kind !== 'found') return [];
      return listFlowTargets(live.flow.document, { ofUrl }).map((each) => each.flowId);
    },
  };
}
