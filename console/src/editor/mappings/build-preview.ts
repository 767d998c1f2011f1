import { appendKeyOf } from '../../../../src/model/append-key.ts';
import { listDeliveriesOf } from '../../../../src/model/delivery-steps.ts';
import type { FlowDocument, RecipientStep } from '../../../../src/model/flow.ts';
import type { Integration } from '../../../../src/model/mapping.ts';

/** A flow in which nothing keeps a lead from one delivery, and by what its event is found. */
export interface Preview {
  flow: FlowDocument;
  /** Of the source, as the simulation names it. */
  source: string;
  key: string;
}

/** Of a place at which nothing is sent, or before the flow has a source. */
export type NoPreview = { reason: string };

/**
 * The draft as it has to be for its delivery at the path (`steps.2.integration`) to be asked: recipients above it, which
 * take the lead, then this one, without the rules, caps and prices of any of them.
 */
export function buildPreview(document: FlowDocument, path: string, integration: Integration): Preview | NoPreview {
  const step = findStep(document, path, integration);
  if (step === undefined) return { reason: 'A source sends nothing: its mappings fill the fields of a lead.' };
  const [first] = document.sources;
  const source = first?.entity.id ?? first?.id;
  if (first === undefined || source === undefined)
    return { reason: 'The flow has no saved source yet, and a lead needs one.' };
  const [, index = '0'] = /^steps\.(\d+)/.exec(path) ?? [];
  const earlier = document.steps
    .slice(0, path.startsWith('steps.') ? Number(index) : 0)
    .flatMap((each, place) => listDeliveriesOf(each, place).map((delivery) => asBare(delivery.step)));
  const { name, fields, id } = document;
  return {
    flow: {
      ...(id !== undefined && { id }),
      ...{ name, fields, enabled: true },
      sources: [
        {
          ...(first.id !== undefined && { id: first.id }),
          entity: first.entity,
          integration: { ...first.integration, mappings: [] },
        },
      ],
      steps: [...earlier, step],
    },
    source,
    key: appendKeyOf(step),
  };
}

/** What a delivery needs to be made. */
function asBare(step: RecipientStep): RecipientStep {
  const { id, entity, integration, credential_id: credentialId, key, strict_status: isStrict } = step;
  return {
    type: 'recipient',
    ...{ entity, integration },
    ...(id !== undefined && { id }),
    ...(credentialId !== undefined && { credential_id: credentialId }),
    ...(key !== undefined && { key }),
    ...(isStrict !== undefined && { strict_status: isStrict }),
  };
}

function findStep(document: FlowDocument, path: string, integration: Integration): RecipientStep | undefined {
  const source = /^sources\.(\d+)\.feedback\.integration$/.exec(path);
  if (source) {
    const entity = document.sources[Number(source[1])]?.entity ?? {};
    return { type: 'recipient', entity, integration };
  }
  const [, index, candidate] = /^steps\.(\d+)(?:\.recipients\.(\d+))?\.(?:integration|bid)$/.exec(path) ?? [];
  const step = index === undefined ? undefined : document.steps[Number(index)];
  if (step === undefined) return undefined;
  const delivery = listDeliveriesOf(step, Number(index))[Number(candidate ?? 0)]?.step;
  return delivery && { ...asBare(delivery), integration };
}
