import type { FieldType, Module } from '../../../../client/src/client.ts';
import { FOUND_BY, LIST_CHECKS } from '../../../../src/explain/sentences.ts';
import { appendKeyOf, distributionKeyOf } from '../../../../src/model/append-key.ts';
import { listDeliveriesOf } from '../../../../src/model/delivery-steps.ts';
import type { FlowDocument, ListCheckName } from '../../../../src/model/flow.ts';
import { LIST_CHECK_NAMES } from '../../../../src/model/flow.ts';
import { labelOfPath } from '../../../../src/rules/label.ts';
import { capitalize } from '../../parts/capitalize.ts';
import type { EditorNames } from '../part-props.ts';

/** Something that rules and templates can read. */
export interface Variable {
  /** `lead.state` */
  path: string;
  /** As reasons call it: `State`, `Phone 1 Area`. */
  label: string;
  /** A data type; undefined: it is not known before a lead comes. */
  type: string | undefined;
  /** What it stands with: `Lead`, `Answer of Buyer`. */
  group: string;
  description?: string | undefined;
}

export interface VariableSources {
  document: FlowDocument;
  fields: EditorNames['fields'];
  /** Of `GET /types`; empty while they are asked for. */
  types: readonly FieldType[];
  /** Of `GET /modules`; empty while they are asked for. */
  modules: readonly Module[];
  /** Of the part that reads: what comes later in the flow is not there yet. */
  path: string;
}

/** Everything that a part of the flow can read, in groups, in the order in which a person looks for it. */
export function listVariables(given: VariableSources): Variable[] {
  return [
    ...listLeadVariables(given),
    ...listFixed(given, 'Submission', SUBMISSION),
    ...listListChecks(given),
    ...listAppended(given),
    ...listDistributions(given),
    ...(given.path.includes('feedback') ? listFixed(given, 'Feedback', FEEDBACK) : []),
    ...listFixed(given, 'Source and flow', PLACES),
    ...listFixed(given, 'Price and chance', [...MONEY, ...(isOfStep(given.path) ? RECIPIENT : [])]),
  ];
}

type Fixed = readonly (readonly [path: string, type: string, description?: string])[];

const SUBMISSION: Fixed = [
  ['submission.timestamp', 'time', 'When the lead came in'],
  ['submission.ip', 'ip', 'From where the lead came'],
];
const PLACES: Fixed = [
  ['source.name', 'string'],
  ['source.id', 'string'],
  ['flow.name', 'string'],
  ['flow.id', 'string'],
  ['account.name', 'string'],
  ['account.id', 'string'],
];
const MONEY: Fixed = [
  ['price', 'number', 'What the source asks for the lead'],
  ['purchase_price', 'number', 'What the lead costs'],
  ['random', 'number', 'A whole number from 1 to 100, another for each lead'],
];
const RECIPIENT: Fixed = [
  ['recipient.name', 'string'],
  ['recipient.id', 'string'],
];
const FEEDBACK: Fixed = [
  ['feedback.type', 'string', 'return or conversion'],
  ['feedback.reason', 'string'],
  ['feedback.timestamp', 'time'],
];

function listFixed({ fields }: VariableSources, group: string, rows: Fixed): Variable[] {
  return rows.map(([path, type, description]) => ({ path, type, group, description, label: labelOf(path, fields) }));
}

function listLeadVariables({ document, fields, types }: VariableSources): Variable[] {
  const byId = new Map(fields.map((field) => [field.id, field]));
  // An account may have thousands of fields, and a label looks for several of them.
  const label = (path: string) => labelOfPath(path, (id) => byId.get(id)?.name);
  const componentsOf = new Map(types.map(({ name, components }) => [String(name), components]));
  const ofFields = document.fields.flatMap((id): Variable[] => {
    const field = byId.get(id);
    const path = `lead.${id}`;
    const self = { path, label: label(path), type: field?.type, group: 'Lead' };
    const parts = componentsOf.get(field?.type ?? '') ?? [];
    return [
      self,
      ...parts.map(({ name, type, description }) => {
        const part = `${path}.${name}`;
        return { path: part, label: label(part), type, group: 'Lead', description };
      }),
    ];
  });
  return [...ofFields, { path: 'lead.id', label: 'Lead Id', type: 'string', group: 'Lead' }];
}

const FOUND: Readonly<Record<ListCheckName, string>> = {
  duplicate: 'is_duplicate',
  existing_customer: 'is_existing_customer',
  dnc: 'is_dnc',
};

function listListChecks({ document, fields }: VariableSources): Variable[] {
  return LIST_CHECK_NAMES.filter((name) => document.list_checks?.[name]).map((name) => {
    const path = `suppressionlist.${FOUND[name]}`;
    return {
      path,
      label: labelOf(path, fields),
      type: 'boolean',
      group: 'List checks',
      description: `Of the list check ${name}`,
    };
  });
}

/** What recipients above answered; of a rule outside the steps none has been asked yet. */
function listAppended({ document, modules, path }: VariableSources): Variable[] {
  const byId = new Map(modules.map((module) => [module.id, module]));
  return document.steps.slice(0, stepsBefore(path, document)).flatMap((step, index) =>
    listDeliveriesOf(step, index).flatMap(({ step: delivery }) => {
      const key = appendKeyOf(delivery);
      if (key === '') return [];
      const name = delivery.entity.name ?? key;
      const group = `Answer of ${name}`;
      const answered = (byId.get(delivery.integration.module_id)?.response_variables ?? []).filter(
        (variable) => !variable.name.includes('*'),
      );
      const known = new Map<string, { type?: string; description?: string | null }>([
        ...Object.entries(ANSWERED),
        ...answered.map((variable) => [variable.name, variable] as const),
      ]);
      return [...known].map(([property, { type, description }]) => ({
        path: `${key}.${property}`,
        label: `${name} ${labelOfPath(property, () => undefined)}`,
        type,
        group,
        description: description ?? undefined,
      }));
    }),
  );
}

/** What every recipient step appends. */
const ANSWERED: Readonly<Record<string, { type: string; description: string }>> = {
  outcome: { type: 'string', description: 'success, failure, error or skip' },
  reason: { type: 'string', description: 'Why it was no success' },
  price: { type: 'number', description: 'What it pays' },
};

const DISTRIBUTED: readonly (readonly [name: string, type: string, description: string])[] = [
  ['sold', 'boolean', 'Has a recipient accepted the lead?'],
  ['sales', 'number', 'How many recipients have accepted it'],
  ['winner', 'string', 'The name of the recipient that accepted it first'],
  ['winner_id', 'string', 'The id of that recipient'],
  ['revenue', 'number', 'What they pay together'],
  ['bid', 'number', 'The highest bid'],
  ['bid_id', 'string', 'The id of the recipient that made it'],
];

function listDistributions({ document, fields, path }: VariableSources): Variable[] {
  return document.steps.slice(0, stepsBefore(path, document)).flatMap((step) => {
    if (step.type !== 'distribution') return [];
    const key = distributionKeyOf(step);
    return DISTRIBUTED.map(([name, type, description]) => {
      const variable = `distribution.${key}.${name}`;
      return {
        path: variable,
        label: labelOf(variable, fields),
        type,
        group: `Distribution ${step.name ?? key}`,
        description,
      };
    });
  });
}

/** How many steps have run when this part is read. Feedback comes after all of them. */
function stepsBefore(path: string, { steps }: FlowDocument): number {
  if (path.includes('feedback')) return steps.length;
  const [, index] = /^steps\.(\d+)(?:\.|$)/.exec(path) ?? [];
  return index === undefined ? 0 : Number(index);
}

function isOfStep(path: string): boolean {
  return path.startsWith('steps.');
}

/** What a reason calls the variable. */
export function labelOf(path: string, fields: EditorNames['fields']): string {
  // As sentences say what a list check found, so that a rule and its sentence have the same words.
  const check = LIST_CHECKS.get(FOUND_BY.get(path) ?? '');
  return check === undefined
    ? labelOfPath(path, (id) => fields.find((field) => field.id === id)?.name)
    : capitalize(check.found);
}

/** The type of what a left side reads; undefined: a template, or nothing that is known. */
export function typeOf(lhv: unknown, variables: readonly Variable[]): string | undefined {
  return typeof lhv === 'string' ? variables.find(({ path }) => path === lhv.trim())?.type : undefined;
}

/** Those whose label, path or description has each of the words, best first: labels that begin with them. */
export function findVariables(variables: readonly Variable[], query: string): Variable[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    const paths = new Set(variables.map(({ path }) => path));
    return variables.filter(({ path, group }) => group !== 'Lead' || !isPart(path, paths));
  }
  const whole = words.join(' ');
  return variables
    .map((variable) => ({ variable, rank: rankOf(variable, words, whole) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((one, other) => one.rank - other.rank)
    .map(({ variable }) => variable);
}

/** Parts of values are listed once somebody looks for them: a field of a phone alone has eleven. */
function isPart(path: string, paths: ReadonlySet<string>): boolean {
  return paths.has(path.slice(0, path.lastIndexOf('.')));
}

function rankOf({ label, path, description = '', group }: Variable, words: readonly string[], whole: string): number {
  const [name, where] = [label.toLowerCase(), path.toLowerCase()];
  if (name === whole || where === whole) return 0;
  if (name.startsWith(whole) || where.startsWith(whole) || where.startsWith(`lead.${whole}`)) return 1;
  if (words.every((word) => name.includes(word) || where.includes(word))) return 2;
  const everything = `${name} ${where} ${description} ${group}`.toLowerCase();
  return words.every((word) => everything.includes(word)) ? 3 : Number.POSITIVE_INFINITY;
}
