import { finish, type Sliced } from '../lib/slices.ts';
import type { Mapping, MappingValue } from '../model/mapping.ts';
import type { Problem } from '../model/problem.ts';
import type { RuleSet } from '../model/rule-set.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { compileTemplate, type Template, type TemplateForm } from '../templates/compile-template.ts';
import { describeTemplateError } from '../templates/template-error.ts';
import { assignPath, copyContainers, isAssignableKey } from '../variables/assign.ts';
import { assignKeepingText } from '../variables/branched-value.ts';
import { type PathSegment, parsePath } from '../variables/property-path.ts';
import { isPlainObject, textOf } from '../variables/rich-value.ts';

/** The part of a compiled rule set a mapping needs; rules are compiled by who knows them. */
export interface MappingCondition {
  evaluate(vars: Vars, ctx: EvaluationContext): { passed: boolean };
}

export interface CompileMappingsOptions {
  /** Where the list stands in the document, for problems: `steps.0.integration.mappings`. */
  path: string;
  compileRules: (ruleSet: RuleSet, path: string) => Sliced<MappingCondition>;
  /** What hinders a mapping is added here; the mapping is left out of the program. */
  problems: Problem[];
  /** A first name that may be written or left out, as `lead` in inbound mappings (decision 29). */
  optionalPrefix?: string;
  /** Properties whose templates write something else than plain text, such as HTML. */
  forms?: Readonly<Record<string, TemplateForm>>;
}

/** A mapping that wrote its value, as it is recorded on the event. */
export interface AppliedMapping {
  /** Its place in the document's list. */
  index: number;
  /** As the document spells it. */
  property: string;
  value: unknown;
}

export interface MappingProgram {
  /** Fills `target` from the variables and answers what was applied, in order. Never changes `vars`, never throws. */
  apply(vars: Vars, target: Vars, ctx: EvaluationContext): AppliedMapping[];
}

/**
 * Compiles mappings, once when a flow is deployed (spec behaviour 6.1). They apply in list order and the later
 * overwrites the earlier. A mapping is skipped when its rules fail or its template gives nothing but white space; a
 * value written out, the empty text and null included, is always applied. A template that is one variable keeps
 * the variable's type.
 */
export function compileMappings(mappings: readonly Mapping[], options: CompileMappingsOptions): MappingProgram {
  return finish(compileMappingsInSlices(mappings, options));
}

/** The same as work that pauses behind each mapping. */
export function* compileMappingsInSlices(
  mappings: readonly Mapping[],
  options: CompileMappingsOptions,
): Sliced<MappingProgram> {
  const compiled: CompiledMapping[] = [];
  for (const [index, mapping] of mappings.entries()) {
    const made = yield* compileMapping(mapping, index, options);
    if (made) compiled.push(made);
    yield;
  }
  const assign = options.optionalPrefix === undefined ? assignPath : assignKeepingText;
  return {
    apply: (vars, target, ctx) => {
      const applied: AppliedMapping[] = [];
      for (const { index, property, segments, condition, evaluate } of compiled) {
        if (condition && !condition.evaluate(vars, ctx).passed) continue;
        const value = evaluate(vars, ctx);
        // A copy, so that a later mapping into this property cannot reach into the lead.
        if (value === undefined || !assign(target, segments, copyContainers(value))) continue;
        applied.push({ index, property, value });
      }
      return applied;
    },
  };
}

/** A value to apply; undefined skips the mapping. */
type Evaluate = (vars: Vars, ctx: EvaluationContext) => unknown;

interface CompiledMapping {
  index: number;
  property: string;
  segments: readonly PathSegment[];
  condition: MappingCondition | undefined;
  evaluate: Evaluate;
}

function* compileMapping(
  mapping: Mapping,
  index: number,
  options: CompileMappingsOptions,
): Sliced<CompiledMapping | undefined> {
  const { property, value, rule_set: ruleSet } = mapping;
  const path = `${options.path}.${index}`;
  const segments = compileProperty(property, path, options);
  const writes = formOf(property, options);
  const evaluate = yield* compileValue(value, { path: `${path}.value`, problems: options.problems, writes });
  const condition = ruleSet ? yield* options.compileRules(ruleSet, `${path}.rule_set`) : undefined;
  return segments && evaluate ? { index, property, segments, condition, evaluate } : undefined;
}

function formOf(property: string, { optionalPrefix, forms }: CompileMappingsOptions): TemplateForm {
  // Of a module's properties; a field of a lead named `url` is data.
  if (property === 'url' && optionalPrefix === undefined) return 'url';
  return (forms && Object.hasOwn(forms, property) && forms[property]) || 'text';
}

function compileProperty(
  property: string,
  path: string,
  { problems, optionalPrefix }: CompileMappingsOptions,
): readonly PathSegment[] | undefined {
  const parsed = parsePath(property);
  const forbidden = parsed.ok ? parsed.value.find((segment) => !isAssignableKey(segment)) : undefined;
  if (!parsed.ok || forbidden !== undefined) {
    const message = parsed.ok ? `"${forbidden}" cannot be the name of a property: choose another.` : parsed.error;
    problems.push({ path: `${path}.property`, message });
    return undefined;
  }
  const [first, ...rest] = parsed.value;
  return first === optionalPrefix && rest.length > 0 ? rest : parsed.value;
}

interface TextSite {
  path: string;
  problems: Problem[];
  writes: TemplateForm;
}

function* compileValue(value: MappingValue, site: TextSite): Sliced<Evaluate | undefined> {
  if (typeof value === 'string') return compileText(value, site);
  if (!Array.isArray(value)) return () => value;
  const members: (Evaluate | undefined)[] = [];
  for (const [place, member] of value.entries()) {
    members.push(member === null ? () => null : compileText(member, { ...site, path: `${site.path}.${place}` }));
    yield;
  }
  return members.includes(undefined) ? undefined : buildArray(members.filter((member) => member !== undefined));
}

/** Members whose template gives nothing are left out; an array of nothing else is nothing. */
function buildArray(members: readonly Evaluate[]): Evaluate {
  return (vars, ctx) => {
    const values = members.map((member) => member(vars, ctx)).filter((value) => value !== undefined);
    return values.length > 0 ? values : undefined;
  };
}

function compileText(source: string, { path, problems, writes }: TextSite): Evaluate | undefined {
  const compiled = compileTemplate(source, { writes });
  if (!compiled.ok) {
    problems.push({ path, message: describeTemplateError(compiled.error) });
    return undefined;
  }
  const template: Template = compiled.value;
  if (template.kind === 'literal') return () => source;
  return (vars, ctx) => {
    const value = template.evaluate(vars, ctx);
    return isNothing(value) ? undefined : value;
  };
}

function isNothing(value: unknown): boolean {
  if (isPlainObject(value)) return false;
  return Array.isArray(value) ? value.length === 0 : textOf(value).trim() === '';
}
