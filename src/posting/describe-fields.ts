import { findFieldType } from '../field-types/field-types.ts';
import { isMaskedField } from '../field-types/is-masked-field.ts';
import { claimOf } from '../lint/claims.ts';
import type { Condition } from './conditions.ts';
import { variablesPresent } from './conditions.ts';
import { describeCondition } from './describe-conditions.ts';
import type { Parameter, ParameterTable } from './list-parameters.ts';
import { listedValues } from './listed-values.ts';
import type { NameVariable } from './name-variables.ts';
import { ALLOWED_VALUES_MAX, type PostingField, type PostingRule } from './posting-page.ts';
import { TYPE_WORDS } from './type-words.ts';

export interface FieldFacts {
  table: ParameterTable;
  /** Each must hold. */
  conditions: readonly Condition[];
  nameVariable: NameVariable;
  /** Do values that rules ask for stay hidden? */
  hidesRules: boolean;
  takesPings: boolean;
  /** What the source's module says of a name; undefined: nothing. */
  hintOf: (name: string) => string | undefined;
  /** A value that the rules accept. */
  sampleOf: (parameter: Parameter) => string;
}

/** Every parameter of the source with all that a vendor must know of it. */
export function describeFields(facts: FieldFacts): PostingField[] {
  return facts.table.parameters.map((parameter) => describeField(parameter, facts));
}

function describeField(parameter: Parameter, facts: FieldFacts): PostingField {
  const { name, fills, param } = parameter;
  const [first] = fills;
  const isWhole = first?.isWhole === true;
  const type = isWhole ? first.field.type : 'string';
  const words = TYPE_WORDS[type];
  const requirement = requirementOf(parameter, facts);
  const allowed = allowedValues(parameter, facts);
  return {
    name,
    label: isWhole ? first.field.name : (param?.label ?? name),
    type: words.name,
    type_id: type,
    ...requirement,
    format: words.format,
    allowed_values: allowed?.slice(0, ALLOWED_VALUES_MAX) ?? null,
    allowed_count: allowed?.length ?? 0,
    examples: examplesOf(parameter, { type, facts }),
    max_length: null,
    needed_at_ping: facts.takesPings ? requirement.required !== 'no' : null,
    hint: hintOf(parameter, facts),
    is_masked: fills.some(({ field }) => isMaskedField(field)),
  };
}

/** A value that passes comes first, so that what is copied works. */
function examplesOf(parameter: Parameter, { type, facts }: { type: string; facts: FieldFacts }): string[] {
  const { param } = parameter;
  const examples = param?.examples.length ? param.examples : (findFieldType(type)?.examples ?? []);
  return [...new Set([facts.sampleOf(parameter), ...examples])]
    .filter((example) => example !== '')
    .slice(0, EXAMPLES_MAX);
}

const EXAMPLES_MAX = 4;

function hintOf({ name, fills, param }: Parameter, { hintOf: hintOfModule }: FieldFacts): string | null {
  const said = fills.flatMap(({ field, isWhole }) => {
    if (!isWhole) return [`A part of: ${field.name}.`];
    return field.description && field.description.toLowerCase() !== field.name.toLowerCase() ? [field.description] : [];
  });
  const texts = [...said, param?.description, hintOfModule(name)].filter((text) => text !== undefined && text !== '');
  return texts.length === 0 ? null : [...new Set(texts)].join(' ');
}

type Requirement = Pick<PostingField, 'required' | 'required_when'>;

const OPTIONAL: Requirement = { required: 'no', required_when: null };
const REQUIRED: Requirement = { required: 'yes', required_when: null };

function requirementOf(parameter: Parameter, facts: FieldFacts): Requirement {
  const { param } = parameter;
  if (param?.required) return REQUIRED;
  const requirements = facts.conditions.map((condition) => requirementBy(condition, { parameter, facts }));
  if (requirements.includes('yes')) return othersFor(parameter, facts);
  const sentences = requirements.filter((each) => each !== 'yes' && each !== null);
  if (sentences.length === 0) return OPTIONAL;
  return { required: 'when', required_when: [...new Set(sentences)].slice(0, REASONS_MAX).join(' ') };
}

/** Sentences about one parameter. */
const REASONS_MAX = 3;

/** A field that several parameters may fill needs one of them. */
function othersFor({ name, fills }: Parameter, { table }: FieldFacts): Requirement {
  const shared = fills.flatMap(({ field, isWhole }) => (isWhole ? (table.origins.get(field.id)?.names ?? []) : []));
  const others = [...new Set(shared)].filter((other) => other !== name);
  if (others.length === 0) return REQUIRED;
  return { required: 'when', required_when: `Required unless ${others.join(' or ')} is posted.` };
}

/** `yes`, a sentence that says when, or null: it does not ask for the parameter. */
function requirementBy(
  condition: Condition,
  { parameter, facts }: { parameter: Parameter; facts: FieldFacts },
): 'yes' | string | null {
  const asksFor = (part: Condition) =>
    [...variablesPresent(part)].some((path) => facts.nameVariable(path)?.parameters.includes(parameter.name));
  if (asksFor(condition)) return 'yes';
  if (condition.kind !== 'any') return null;
  const others = condition.of.filter((part) => !asksFor(part));
  if (others.length === condition.of.length) return null;
  if (facts.hidesRules) return UNSAID;
  const described = others.map((part) => describeCondition(part, facts.nameVariable));
  if (described.includes(null)) return UNSAID;
  const clauses = described.filter((rule) => rule !== null).map(flatten);
  return `Required unless one of these holds: ${clauses.join('; ')}.`;
}

const UNSAID = 'Required for some leads; the owner of this page does not show for which.';

/** A rule inside a sentence. */
function flatten(rule: PostingRule): string {
  if (rule.kind === 'rule') return rule.sentence.replace(/\.$/, '');
  const parts = rule.rules.map(flatten);
  return `(${parts.join(rule.kind === 'any' ? ' or ' : ' and ')})`;
}

/** Values that a rule lists, where the rule must hold for every lead. */
function allowedValues({ fills }: Parameter, facts: FieldFacts): string[] | null {
  if (facts.hidesRules) return null;
  for (const { field, isWhole } of fills) {
    if (!isWhole || facts.table.origins.get(field.id)?.names.length !== 1) continue;
    for (const condition of facts.conditions) {
      const values = valuesOf(condition, `lead.${field.id}`);
      if (values) return values;
    }
  }
  return null;
}

function valuesOf(condition: Condition, variable: string): string[] | null {
  if (condition.kind !== 'rule' || condition.isNegated) return null;
  const claim = claimOf(condition.rule);
  if (claim?.variable !== variable || claim.says.kind !== 'one-of') return null;
  const values = listedValues(condition.rule);
  return values.length === 0 ? null : values;
}
