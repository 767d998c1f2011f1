import type { Field } from '../model/field.ts';
import { parsePath } from '../variables/property-path.ts';
import type { ParameterTable } from './list-parameters.ts';

/** What a variable of a rule is for a vendor. */
export interface NamedVariable {
  /** As a sentence calls it: `phoneNumber`, `phoneNumber (area)`. */
  text: string;
  /** The parameters that decide its value. */
  parameters: readonly string[];
  /** The field it is, or a part of; null: none of the lead's. */
  field: Field | null;
  /** The part: `area`; empty: the value itself. */
  component: string;
}

/** What a sender knows of a lead beside its values. */
const KNOWN_TO_SENDERS: ReadonlyMap<string, string> = new Map([
  ['submission.timestamp', 'the time of the submission'],
  ['submission.ip', 'the IP address of the sender'],
]);

/** Returns how vendors call a variable; null: it is nothing that they post or know, so that rules about it are not shown. */
export type NameVariable = (path: string) => NamedVariable | null;

/** Names the variables of a source's rules by what its vendor posts. */
export function createNameVariable({ origins }: ParameterTable): NameVariable {
  return (path) => {
    const parsed = parsePath(path);
    if (!parsed.ok) return null;
    const [root, ...names] = parsed.value.map(String);
    const known = KNOWN_TO_SENDERS.get(parsed.value.join('.'));
    if (known !== undefined) return { text: known, parameters: [], field: null, component: '' };
    if (root !== 'lead') return null;
    // Ids have dots of their own: the longest one that is a field wins.
    for (let length = names.length; length > 0; length -= 1) {
      const origin = origins.get(names.slice(0, length).join('.'));
      if (!origin) continue;
      const component = names.slice(length).join('.');
      if (origin.names.length === 0) return null;
      const text = origin.names.join(origin.isWhole ? ' or ' : ' and ');
      return {
        text: component === '' ? text : `${text} (${component.replaceAll('_', ' ')})`,
        parameters: origin.names,
        field: origin.field,
        component,
      };
    }
    return null;
  };
}
