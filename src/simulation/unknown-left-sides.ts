import { findField } from '../fields/find-field.ts';
import { STANDARD_FIELDS } from '../fields/standard-fields.ts';
import { nearestName } from '../lib/nearest-name.ts';
import { CHECK_OF_VARIABLE, fieldAt, NAMESPACES, NO_FIELDS, whyUnknownComponent } from '../lint/unknown-variables.ts';
import type { Field } from '../model/field.ts';
import type { Problem } from '../model/problem.ts';
import type { Vars } from '../model/vars.ts';
import type { RuleCatalogueRow } from '../rules/rule-catalogue.ts';
import { compileLookup } from '../variables/lookup.ts';
import { parsePath } from '../variables/property-path.ts';

interface Known {
  vars: Vars;
  customFields: readonly Field[];
}

/** Each costs a search for the nearest name. */
const UNKNOWN_MAX = 20;

/**
 * Returns a warning for each left side that names no field, no variable of a lead and nothing that was given: a misspelt
 * name is always blank, and its rule passes or fails for that reason alone.
 */
export function findUnknownLeftSides(rows: readonly RuleCatalogueRow[], known: Known): Problem[] {
  return rows
    .flatMap(({ path, lhv }) => {
      const message = typeof lhv === 'string' && !lhv.includes('{{') ? whyUnknown(lhv.trim(), known) : undefined;
      return message === undefined ? [] : [{ path: `${path}.lhv`, message }];
    })
    .slice(0, UNKNOWN_MAX);
}

function whyUnknown(variable: string, known: Known): string | undefined {
  const segments = parsePath(variable);
  if (!segments.ok || compileLookup(variable)(known.vars) !== undefined) return undefined;
  const [first = '', ...names] = segments.value.map(String);
  if (first === 'lead') return whyUnknownInLead(variable, { names, customFields: known.customFields });
  const members = first === 'suppressionlist' ? [...CHECK_OF_VARIABLE.keys()] : NAMESPACES.get(first);
  if (members === null || (members && (names.length === 0 || members.includes(names[0] ?? '')))) return undefined;
  if (members) return `"${variable}" is not provided, so it is always blank: ${first} has ${members.join(', ')}.`;
  const near = nearestName(first, ['lead', 'suppressionlist', ...NAMESPACES.keys(), ...Object.keys(known.vars)]);
  return `Nothing provides "${variable}", so it is blank here: give it in vars, or name a field as lead.….${writeHint(near)}`;
}

function whyUnknownInLead(
  variable: string,
  { names, customFields }: { names: readonly string[]; customFields: readonly Field[] },
): string | undefined {
  if (names.length === 0 || NO_FIELDS.includes(names[0])) return undefined;
  const ids = [...STANDARD_FIELDS.keys(), ...customFields.map(({ id }) => id)];
  if (ids.some((id) => id.startsWith(`${names.join('.')}.`))) return undefined;
  const fieldId = fieldAt(names, new Set(ids));
  if (fieldId !== undefined) {
    return whyUnknownComponent(names, { fieldId, type: findField(fieldId, customFields)?.type });
  }
  const near = nearestName(names.join('.'), ids);
  const hint = writeHint(near === undefined ? undefined : `lead.${near}`);
  return `There is no field for "${variable}", so it is always blank: make the field, or correct the name.${hint}`;
}

function writeHint(near: string | undefined): string {
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}
