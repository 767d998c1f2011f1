import { BATCH_ID_PROPERTY, BATCH_MODULE_ID } from '../model/batch.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { CompileSite } from './compile-site.ts';
import type { FlowContext } from './compiled-flow.ts';

const UNKNOWN = 'There is no batch with this id: GET /batches lists them, POST /batches makes one; or remove the step.';

/** The batches that the steps of a flow fill. One that does not exist is an error of the flow: its rows would be lost. */
export function compileBatches(site: CompileSite, document: FlowDocument): ReadonlySet<string> {
  const named = findNamed(document);
  for (const { id, path } of named)
    if (!site.context.batches.has(id) && !id.includes('{{')) site.problems.push({ path, message: UNKNOWN });
  return new Set(named.map(({ id }) => id).filter((id) => site.context.batches.has(id)));
}

/** Which of the batches that a flow names exist, in the order of the document; null: there is none with the id. */
export function listNamedBatches(document: FlowDocument, batches: FlowContext['batches']): (string | null)[] {
  return findNamed(document).map(({ id }) => (batches.has(id) ? id : null));
}

function findNamed(document: FlowDocument): { id: string; path: string }[] {
  return listDeliverySteps(document).flatMap(({ path, step: { integration } }) => {
    if (integration.module_id !== BATCH_MODULE_ID) return [];
    return integration.mappings.flatMap(({ property, value }, index) =>
      property === BATCH_ID_PROPERTY && typeof value === 'string' && value.trim() !== ''
        ? [{ id: value.trim(), path: `${path}.integration.mappings.${index}.value` }]
        : [],
    );
  });
}
