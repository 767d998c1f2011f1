import { findFieldType } from '../field-types/field-types.ts';
import { nearestName } from '../lib/nearest-name.ts';
import type { Sliced } from '../lib/slices.ts';
import { distributionKeyOf } from '../model/append-key.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument, ListCheckName } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { appendedKeys } from './appended-keys.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';

/** A flow in which everything is misspelt says the same with fewer; each costs a search for the nearest name. */
const UNKNOWN_MAX = 100;

/** Reads of variables that nothing in the flow provides. */
export function* unknownVariables(context: LintContext): Sliced<Problem[]> {
  const known = knownNames(context);
  const problems: Problem[] = [];
  for (const { path, segments } of context.reads) {
    const message = whyUnknown(segments, known, path);
    if (message) problems.push({ path, message });
    if (problems.length === UNKNOWN_MAX) break;
    yield;
  }
  return problems;
}

interface KnownNames {
  context: LintContext;
  /** Ids of the flow's fields. */
  fields: ReadonlySet<string>;
  /** `mortgage` and `mortgage.loan` of the field `mortgage.loan.amount`. */
  groups: ReadonlySet<string>;
  /** Keys of recipient steps; whether they have run by then is another check's question. */
  keys: ReadonlySet<string>;
}

function knownNames(context: LintContext): KnownNames {
  const fields = new Set(context.document.fields);
  const groups = [...fields].flatMap((field) => {
    const names = field.split('.');
    return names.slice(1).map((_, index) => names.slice(0, index + 1).join('.'));
  });
  const keys = new Set(appendedKeys(context.document).map(({ key }) => key));
  return { context, fields, groups: new Set(groups), keys };
}

/** What stands below the names every lead has (spec behaviour 5.5); null: anything may. */
export const NAMESPACES: ReadonlyMap<string, readonly string[] | null> = new Map<string, readonly string[] | null>([
  ['submission', ['timestamp', 'ip']],
  ['account', ['id', 'sso_id', 'name']],
  ['flow', ['id', 'name']],
  ['source', ['id', 'name']],
  ['recipient', ['id', 'name']],
  ['price', null],
  ['purchase_price', null],
  ['random', null],
  ['event_id', null],
  ['feedback', null],
  ['timestamp', null],
  ['appended', null],
]);

/** The names at the front of every variable that rules and templates can read. */
export function providedNames(document: FlowDocument): ReadonlySet<string> {
  const keys = appendedKeys(document).map(({ key }) => key);
  const distribution = distributionKeys(document).length > 0 ? ['distribution'] : [];
  return new Set(['lead', 'suppressionlist', ...NAMESPACES.keys(), ...distribution, ...keys]);
}

function whyUnknown(segments: readonly string[], known: KnownNames, path: string): string | undefined {
  const [first = '', second] = segments;
  if (known.keys.has(first)) return undefined;
  if (first === 'lead') return whyUnknownInLead(segments.slice(1), known);
  if (first === 'suppressionlist') return whyUnknownCheck(second, known);
  if (first === 'distribution' && distributionKeys(known.context.document).length > 0)
    return whyUnknownDistribution(segments, known);
  if (first === 'credential') return whyUnknownCredential(path, known);
  const members = NAMESPACES.get(first);
  if (members === undefined) return whyUnknownName(segments, known);
  if (members === null || second === undefined || members.includes(second)) return undefined;
  return `"${first}.${shortened(second)}" is not provided, so it is always blank: ${first} has ${members.join(', ')}.`;
}

/** A credential is there while a request is built, and nowhere else. */
function whyUnknownCredential(path: string, { context }: KnownNames): string | undefined {
  const isBuilt = listDeliverySteps(context.document).some(
    ({ path: ofStep, step }) =>
      path.startsWith(`${ofStep}.integration.mappings.`) &&
      (step.credential_id || step.integration.mappings.some(({ property }) => property === 'credential_id')),
  );
  if (isBuilt) return undefined;
  return '"credential" is only in the mappings of a step that has a credential_id, so here it is always blank.';
}

function distributionKeys({ steps }: FlowDocument): string[] {
  return steps.flatMap((step) => (step.type === 'distribution' ? [distributionKeyOf(step)] : []));
}

/** What a distribution says of a lead (decision page 0075). */
const DISTRIBUTION_VARIABLES: readonly string[] = ['sold', 'sales', 'winner', 'winner_id', 'revenue', 'bid', 'bid_id'];

function whyUnknownDistribution([, key, name]: readonly string[], { context }: KnownNames): string | undefined {
  const keys = distributionKeys(context.document);
  if (key === undefined) return undefined;
  if (!keys.includes(key))
    return `No distribution has the key "${shortened(key)}", so the variable is always blank: the flow has ${keys.join(', ')}.`;
  if (name === undefined || DISTRIBUTION_VARIABLES.includes(name)) return undefined;
  return `"distribution.${shortened(key)}.${shortened(name)}" is not provided, so it is always blank: there are ${DISTRIBUTION_VARIABLES.join(', ')}.`;
}

function whyUnknownName(segments: readonly string[], { context, fields }: KnownNames): string {
  const [first = ''] = segments;
  const variable = shortened(segments.join('.'));
  const start = `Nothing provides "${variable}", so it is always blank:`;
  if (fieldAt(segments, fields) !== undefined) return `${start} write "lead.${variable}" for the field of the lead.`;
  const near = nearestName(shortened(first), [...providedNames(context.document)]);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `${start} name a field as lead.…, or a recipient above by its key.${hint}`;
}

/** Below `lead` without being fields: the lead's id, and another name of `random` (decision 30). */
export const NO_FIELDS: readonly (string | undefined)[] = ['id', 'random_number'];

/** Components every read value may have beside those its type declares. */
const ALWAYS_THERE = ['raw', 'valid', 'masked', 'normal', 'length'];

function whyUnknownInLead(names: readonly string[], known: KnownNames): string | undefined {
  const variable = shortened(['lead', ...names].join('.'));
  if (names.length === 0 || NO_FIELDS.includes(names[0]) || known.groups.has(names.join('.'))) return undefined;
  const fieldId = fieldAt(names, known.fields);
  if (fieldId === undefined) {
    const near = nearestName(shortened(names.join('.')), [...known.fields]);
    const hint = near === undefined ? '' : ` Did you mean "lead.${near}"?`;
    return `The flow keeps no field for "${variable}", so it is always blank: add the field to the fields of the flow, or correct the name.${hint}`;
  }
  return whyUnknownComponent(names, { fieldId, type: known.context.surroundings.fieldOf(fieldId)?.type });
}

/** Why the value of a field has no such part; `names` begin with the field's. undefined: it has. */
export function whyUnknownComponent(
  names: readonly string[],
  { fieldId, type }: { fieldId: string; type: string | undefined },
): string | undefined {
  const component = names[fieldId.split('.').length];
  // A list has places; their members have the type's components, and a misspelt component alone is unlikely.
  if (component === undefined || type === undefined || type === 'array' || /^\d+$/.test(component)) return undefined;
  const declared = (findFieldType(type)?.components ?? []).map(({ name }) => name);
  if (declared.includes(component) || ALWAYS_THERE.includes(component)) return undefined;
  const variable = shortened(['lead', ...names].join('.'));
  return `A ${type} field has no part "${shortened(component)}", so "${variable}" is always blank: its parts are ${[...new Set(['raw', ...declared])].join(', ')}.`;
}

/** The longest field id the names begin with: ids have dots of their own. */
export function fieldAt(names: readonly string[], fields: Pick<ReadonlySet<string>, 'has'>): string | undefined {
  for (let length = names.length; length > 0; length -= 1) {
    const id = names.slice(0, length).join('.');
    if (fields.has(id)) return id;
  }
  return undefined;
}

/** What each list check finds out (decision 3). */
export const CHECK_OF_VARIABLE: ReadonlyMap<string, ListCheckName> = new Map<string, ListCheckName>([
  ['is_duplicate', 'duplicate'],
  ['is_existing_customer', 'existing_customer'],
  ['is_dnc', 'dnc'],
  ['duplicate_by', 'duplicate'],
  ['existing_customer_by', 'existing_customer'],
  ['dnc_by', 'dnc'],
]);

function whyUnknownCheck(name: string | undefined, { context }: KnownNames): string | undefined {
  if (name === undefined) return undefined;
  const check = CHECK_OF_VARIABLE.get(name);
  if (check === undefined) {
    return `"suppressionlist.${shortened(name)}" is not provided, so it is always blank: there are ${[...CHECK_OF_VARIABLE.keys()].join(', ')}.`;
  }
  const configured = context.document.list_checks?.[check];
  if (configured && name.endsWith('_by') && !configured.values) {
    return `The list check "${check}" has one value, so "suppressionlist.${name}" is always blank: put its values into values, or remove the rule.`;
  }
  if (configured) return undefined;
  return `The flow has no list check "${check}", so "suppressionlist.${name}" is always blank: configure the check in list_checks, or remove the rule.`;
}
