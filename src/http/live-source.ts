import type { FlowRecord, FlowStore } from '../flows/flow-store.ts';
import { parseFlowDocument } from '../flows/parse-flow-document.ts';
import type { InboundModule, ModuleRegistry } from '../integrations/contract.ts';
import { assert } from '../lib/assert.ts';
import type { FlowDocument, Source } from '../model/flow.ts';

/** What leads meet now; of a flow that was never deployed, what is saved. */
export async function readLiveDocument(
  deps: { flows: Pick<FlowStore, 'readRevision'> },
  flow: FlowRecord,
): Promise<FlowDocument> {
  const { accountId, id: flowId, deployedRevision: revision } = flow;
  const deployed = revision === null ? null : await deps.flows.readRevision({ accountId, flowId, revision });
  const parsed = parseFlowDocument(deployed ?? flow.document);
  assert(parsed.ok, 'only well-formed flows are saved');
  return parsed.value.sound;
}

/** By the entity's id, or by the source's own id inside the flow (decision 17). */
export function findSource(document: FlowDocument, sourceId: string): Source | undefined {
  const entityId = sourceId.toLowerCase();
  return (
    document.sources.find((source) => source.entity.id?.toLowerCase() === entityId) ??
    document.sources.find((source) => source.id === sourceId)
  );
}

/** The module of a source; null: it is not installed, or none that takes leads. */
export function findInboundModule(deps: { modules: ModuleRegistry }, source: Source): InboundModule | null {
  const module = deps.modules.find(source.integration.module_id);
  return module?.direction === 'inbound' ? module : null;
}
