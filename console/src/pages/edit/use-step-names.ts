import { useMemo } from 'react';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { useDraftValue } from '../../editor/draft/use-draft.ts';
import type { EditorNames } from '../../editor/part-props.ts';
import { useEdit } from './use-edit.ts';
import { useNames } from './use-names.ts';

export type StepNames = Pick<EditorNames, 'document' | 'fields' | 'timeZone' | 'pricingServices'>;

/**
 * What sentences about steps name: fields, and what recipients are called in variables. The same object until one of them
 * changes, so that a key that is pressed draws one row again and not all of them.
 */
export function useStepNames(): StepNames {
  const { flowId } = useEdit();
  const document = useDraftValue((snapshot) => snapshot.document);
  const { fields, timeZone, pricingServices } = useNames(flowId, document);
  const called = JSON.stringify(document.steps, NAMED);
  return useMemo(
    () => ({ document: readNamed(called), fields, timeZone, pricingServices }),
    [called, fields, timeZone, pricingServices],
  );
}

/** Properties of steps that variables are named by. */
const NAMED = ['type', 'key', 'entity', 'name', 'recipients'];

/** A flow of the same steps, with what names them alone. */
function readNamed(called: string): FlowDocument {
  const steps = (JSON.parse(called) as object[]).map((step) => ({ recipients: [], ...step }));
  // Nothing else of it is read.
  return { name: '', enabled: true, fields: [], sources: [], steps: steps as unknown as FlowDocument['steps'] };
}
