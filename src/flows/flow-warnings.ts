import { findField } from '../fields/find-field.ts';
import type { FlowWarning } from '../lint/flow-warning.ts';
import { lintFlow } from '../lint/lint-flow.ts';
import type { JsonObject } from './flow-json.ts';
import type { FlowSurroundings } from './flow-problems.ts';
import { parseFlowDocument } from './parse-flow-document.ts';

/**
 * The `warnings` of a flow on the wire. Found anew whenever they are asked for, because they change with the account's
 * fields and with every release, and cost less than a millisecond. None for a document with faults in its shape: what
 * stands in the parts that cannot be read might be what a warning would miss, and `errors` come first.
 */
export function warningsOf(
  document: JsonObject,
  { customFields, modules }: Pick<FlowSurroundings, 'customFields' | 'modules'>,
): FlowWarning[] {
  const parsed = parseFlowDocument(document);
  if (!parsed.ok || parsed.value.faults.length > 0) return [];
  return lintFlow(parsed.value.sound, {
    fieldOf: (fieldId) => findField(fieldId, customFields),
    moduleOf: (moduleId) => modules?.find(moduleId),
  });
}
