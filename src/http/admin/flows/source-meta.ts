import { findFieldType } from '../../../field-types/field-types.ts';
import { findField } from '../../../fields/find-field.ts';
import type { FlowRecord } from '../../../flows/flow-store.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { parseFlowDocument } from '../../../flows/parse-flow-document.ts';
import type { InboundModule, ModuleParam } from '../../../integrations/contract.ts';
import { assert } from '../../../lib/assert.ts';
import type { Account } from '../../../model/entity.ts';
import type { Field } from '../../../model/field.ts';
import type { FlowDocument, Source } from '../../../model/flow.ts';
import { type ApiDeps, answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { idParam } from '../../request-values.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

const UNKNOWN_SOURCE = apiError('not_found', 'The flow has no source with this id.');

/**
 * `GET /flows/{flow_id}/sources/{source_id}/meta`: what a sender must know (spec api 5). Any API key may ask, because
 * senders have accounts of their own; prices and criteria are told to the flow's account only.
 */
export const readSourceMeta: Handler = async (deps, { principal, params }) => {
  const flowId = idParam(params, 'flow_id');
  if (!flowId.ok) return flowId.error;
  const sourceId = params['source_id'] ?? '';
  const flow = await deps.flows.findOfAnyAccount(flowId.value);
  if (!flow) return UNKNOWN_FLOW;
  const document = await liveDocument(deps, flow);
  const source = findSource(document, sourceId);
  if (!source) return UNKNOWN_SOURCE;
  const { account, customFields } = await surroundingsOf(deps, flow.accountId);
  const isOwner = principal.accountId === flow.accountId;
  return answer(
    200,
    metaOf({ flow, document, source, account, customFields, isOwner, module: inboundModule(deps, source) }),
  );
};

/** What leads meet now; of a flow that was never deployed, what is saved. */
async function liveDocument(deps: Pick<ApiDeps, 'flows'>, flow: FlowRecord): Promise<FlowDocument> {
  const { accountId, id: flowId, deployedRevision: revision } = flow;
  const deployed = revision === null ? null : await deps.flows.readRevision({ accountId, flowId, revision });
  const parsed = parseFlowDocument(deployed ?? flow.document);
  assert(parsed.ok, 'only well-formed flows are saved');
  return parsed.value.sound;
}

/** By the entity's id, or by the source's own id inside the flow (decision 17). */
function findSource(document: FlowDocument, sourceId: string): Source | undefined {
  const entityId = sourceId.toLowerCase();
  return (
    document.sources.find((source) => source.entity.id?.toLowerCase() === entityId) ??
    document.sources.find((source) => source.id === sourceId)
  );
}

function inboundModule(deps: Pick<ApiDeps, 'modules'>, source: Source): InboundModule | null {
  const module = deps.modules.find(source.integration.module_id);
  return module?.direction === 'inbound' ? module : null;
}

interface MetaFacts {
  flow: FlowRecord;
  document: FlowDocument;
  source: Source;
  account: Account;
  customFields: readonly Field[];
  module: InboundModule | null;
  isOwner: boolean;
}

function metaOf(facts: MetaFacts): object {
  const { flow, document, source, account, module, isOwner } = facts;
  return {
    enabled: document.enabled && source.enabled !== false,
    account: { id: account.id, name: account.name },
    flow: { id: flow.id, name: document.name },
    source: {
      id: source.entity.id ?? source.id,
      name: source.entity.name ?? '',
      authentication_required: source.authentication_required === true,
    },
    params: paramsOf(facts),
    pingable: module?.isPingable === true,
    ping_enabled: document.ping_enabled === true,
    updated_at: new Date(flow.updatedAt).toISOString(),
    authorized_account: isOwner,
    ...(isOwner ? confidentialOf(document, source) : {}),
  };
}

function confidentialOf(document: FlowDocument, source: Source): object {
  return {
    hours_of_operation: document.hours_of_operation ?? {},
    acceptance_criteria: source.acceptance_criteria ?? {},
    flow_acceptance_criteria: document.acceptance_criteria ?? {},
    flow_pricing: document.pricing ?? null,
    flow_pricing_service: document.pricing_service ?? null,
    source_pricing: source.pricing ?? null,
    source_pricing_service: source.pricing_service ?? null,
  };
}

/** The flow's fields in its order, then what the source's module takes besides. */
function paramsOf({ document, customFields, module }: MetaFacts): object[] {
  const fields = document.fields.flatMap((fieldId) => findField(fieldId, customFields) ?? []);
  return [...fields.map(paramOfField), ...(module?.params ?? []).map(paramOfModule)];
}

function paramOfField(field: Field): object {
  return {
    name: field.id,
    label: field.name,
    description: field.description ?? field.name,
    type: field.type,
    required: 'no',
    variable: field.id,
    examples: findFieldType(field.type)?.examples ?? [],
  };
}

function paramOfModule(param: ModuleParam): object {
  return { ...param, required: param.required ? 'yes' : 'no' };
}
