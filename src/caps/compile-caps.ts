import { IANAZone } from 'luxon';
import { finish, type Sliced } from '../lib/slices.ts';
import { CAP_DURATION_UNITS, CAP_TYPES, type Cap, type CapDurationUnit } from '../model/cap.ts';
import type { Problem } from '../model/problem.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import type { RuleTrace } from '../rules/compile-rule.ts';
import { compileRuleSetInSlices, type RuleProgram } from '../rules/compile-rule-set.ts';
import type { LabelOf } from '../rules/label.ts';
import type { RuleCatalogue } from '../rules/rule-catalogue.ts';
import { compileTemplate } from '../templates/compile-template.ts';
import { describeTemplateError } from '../templates/template-error.ts';
import { CAP_DOLLARS_MAX, maximumOfCap, readUnits } from './cap-units.ts';
import { type CapClock, createCapClock } from './cap-window.ts';

/** The documented reason of a cap that says nothing else (spec behaviour 9). */
export const DEFAULT_CAP_REASON = 'Cap reached';

/** Bounds of one level's caps: what one lead may ask the store for, and how deep they nest. */
export const CAPS_MAX = 1_000;
export const CAP_DEPTH_MAX = 16;
/** The longest duration, in units; the calendar reaches this far in months. */
export const CAP_DURATION_MAX = 10_000;

export interface CapCompileOptions {
  /** Where the caps stand in the document: `sources.0.caps`. */
  path: string;
  /** The account's. */
  timeZone: string;
  labelOf: LabelOf;
  catalogue: RuleCatalogue;
  problems: Problem[];
}

export interface CompiledCap {
  /** The cap's id, or its path in a document that was never saved. */
  id: string;
  /** It counts what leads cost or are sold for, in ten-thousandths of a dollar; else leads. */
  isMoney: boolean;
  /** In the unit of its counter. */
  maximum: number;
  /** Which window an instant falls into. */
  clock: CapClock;
  /** The reason of a lead that the cap refuses. */
  reason(vars: Vars, ctx: EvaluationContext): string;
  /** As it stands in the document. */
  cap: Cap;
}

export interface CapProgram {
  /** The caps that apply to a lead, in document order, a parent before its nested ones. */
  matching(vars: Vars, ctx: EvaluationContext, trace?: RuleTrace): readonly CompiledCap[];
  /** All caps, in document order. */
  caps: readonly CompiledCap[];
  /** One of them counts money. */
  hasMoney: boolean;
  /** The variable paths their rules and reasons read. */
  variables: readonly string[];
}

/**
 * The caps of a flow, source or step from their document form (spec behaviour 9). A cap applies to the leads its rules
 * match; nested caps are looked at only then. What cannot run goes to `problems`.
 */
export function compileCaps(caps: readonly Cap[] | null | undefined, options: CapCompileOptions): CapProgram {
  return finish(compileCapsInSlices(caps, options));
}

/** The same as work that pauses behind each cap. */
export function* compileCapsInSlices(
  caps: readonly Cap[] | null | undefined,
  options: CapCompileOptions,
): Sliced<CapProgram> {
  const all: CompiledCap[] = [];
  const variables = new Set<string>();
  const nodes = yield* compileLevel(caps, { ...options, depth: 1, all, variables });
  return {
    caps: all,
    hasMoney: all.some(({ isMoney }) => isMoney),
    variables: [...variables],
    matching(vars, ctx, trace) {
      if (nodes.length === 0) return NO_CAPS;
      const matching: CompiledCap[] = [];
      collect(nodes, (node) => {
        if (!node.rules.evaluate(vars, ctx, trace).passed) return false;
        matching.push(node.compiled);
        return true;
      });
      return matching;
    },
  };
}

const NO_CAPS: readonly CompiledCap[] = [];

interface CapNode {
  compiled: CompiledCap;
  rules: RuleProgram;
  nested: readonly CapNode[];
}

interface Level extends CapCompileOptions {
  depth: number;
  all: CompiledCap[];
  variables: Set<string>;
}

/** Depth is bounded when the caps are compiled. */
function collect(nodes: readonly CapNode[], isMatching: (node: CapNode) => boolean): void {
  for (const node of nodes) if (isMatching(node)) collect(node.nested, isMatching);
}

function* compileLevel(caps: readonly Cap[] | null | undefined, level: Level): Sliced<CapNode[]> {
  if (caps === null || caps === undefined) return [];
  const { path, problems, depth, all } = level;
  if (!Array.isArray(caps) || caps.length === 0) {
    problems.push({ path, message: 'caps must have at least one entry or be null.' });
    return [];
  }
  if (depth > CAP_DEPTH_MAX) {
    problems.push({ path, message: `Caps nest deeper than ${CAP_DEPTH_MAX} levels: flatten the inner ones.` });
    return [];
  }
  const nodes: CapNode[] = [];
  for (const [index, cap] of caps.entries()) {
    if (all.length === CAPS_MAX) {
      problems.push({ path, message: `There are more than ${CAPS_MAX} caps here: remove some.` });
      break;
    }
    const place = { ...level, path: `${path}.${index}` };
    if (isObject(cap)) nodes.push(yield* compileCap(cap, place));
    else problems.push({ path: place.path, message: 'A cap is an object with maximum, duration and duration_units.' });
  }
  return nodes;
}

function* compileCap(cap: Cap, level: Level): Sliced<CapNode> {
  const { path, timeZone, variables, all } = level;
  for (const { name, isWrong, message } of CHECKS) {
    if (isWrong(cap)) level.problems.push({ path: `${path}.${name}`, message: message(cap) });
  }
  const { reason, variables: reasonVariables } = compileReason(cap.reason, { ...level, path: `${path}.reason` });
  const rules = yield* compileRuleSetInSlices(cap.rule_set, { ...level, path: `${path}.rule_set` });
  const compiled = {
    id: cap.id ?? path,
    isMoney: cap.type === 'revenue',
    maximum: maximumOfCap(cap),
    clock: createCapClock(cap, timeZone),
    reason,
    cap,
  };
  for (const variable of [...rules.variables, ...reasonVariables]) variables.add(variable);
  all.push(compiled);
  yield;
  const nested = yield* compileLevel(cap.caps, { ...level, path: `${path}.caps`, depth: level.depth + 1 });
  return { compiled, rules, nested };
}

function isObject<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null;
}

interface CapCheck {
  name: keyof Cap;
  isWrong(cap: Cap): boolean;
  message(cap: Cap): string;
}

const CHECKS: readonly CapCheck[] = [
  {
    name: 'type',
    isWrong: ({ type }) => !CAP_TYPES.includes(type),
    message: () => 'The type of a cap is "volume" or "revenue".',
  },
  {
    name: 'maximum',
    isWrong: ({ type, maximum }) => readUnits(type, maximum) === undefined,
    message: ({ type }) =>
      type === 'revenue'
        ? `The maximum of a revenue cap is an amount in dollars from 0 to ${CAP_DOLLARS_MAX}, with up to four decimals.`
        : 'The maximum of a cap is a whole number, 0 or more.',
  },
  {
    name: 'duration',
    isWrong: ({ duration }) => !isWhole(duration, { min: 1, max: CAP_DURATION_MAX }),
    message: () => `The duration of a cap is a whole number from 1 to ${CAP_DURATION_MAX}.`,
  },
  {
    name: 'duration',
    isWrong: ({ duration, duration_units }) => duration > (UNITS_PER_DAY.get(duration_units) ?? CAP_DURATION_MAX),
    message: () => 'Windows of hours and minutes start again at midnight: write a duration longer than a day in days.',
  },
  {
    name: 'duration_units',
    isWrong: ({ duration_units }) => !CAP_DURATION_UNITS.includes(duration_units),
    message: () => `The duration_units of a cap are one of ${CAP_DURATION_UNITS.join(', ')}.`,
  },
  {
    name: 'time_zone',
    isWrong: ({ time_zone }) => typeof time_zone === 'string' && !IANAZone.isValidZone(time_zone),
    message: () => 'The time zone is unknown: write a name such as America/New_York, or null for the account’s.',
  },
];

const UNITS_PER_DAY: ReadonlyMap<CapDurationUnit, number> = new Map([
  ['hour', 24],
  ['minute', 1_440],
]);

function isWhole(value: unknown, { min, max }: { min: number; max: number }): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

/** A reason that comes out empty for a lead says as little as none. */
function compileReason(reason: unknown, { path, problems }: Level): Pick<CompiledCap, 'reason'> & Reads {
  if (typeof reason !== 'string' || reason.trim() === '') return { reason: () => DEFAULT_CAP_REASON, variables: [] };
  const compiled = compileTemplate(reason);
  if (!compiled.ok) {
    problems.push({ path, message: describeTemplateError(compiled.error) });
    return { reason: () => DEFAULT_CAP_REASON, variables: [] };
  }
  const template = compiled.value;
  return {
    reason: (vars, ctx) => template.render(vars, ctx).trim() || DEFAULT_CAP_REASON,
    variables: template.variables,
  };
}

interface Reads {
  variables: readonly string[];
}
