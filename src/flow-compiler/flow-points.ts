import type { Sliced } from '../lib/slices.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { patternPoints } from '../rules/pattern-points.ts';

/**
 * What a flow may cost to compile, in points of about 10 µs: two to four seconds of a processor, in slices, on every
 * server at a deploy. A flow of 50 recipients with 30 mappings and 20 rules each has 5 000 (page 0052).
 */
export const FLOW_POINTS_MAX = 250_000;
/** Values a rule compares with. They are read at once, 1 µs each. */
export const RULE_VALUES_MAX = 20_000;

/** Of one pattern, which is compiled in one piece: `\S` repeated a thousand times has 511. */
export const PATTERN_POINTS_MAX = 8_000;

/** What counts, in the words of the message and of the reference. */
export const POINTS = {
  parts: 'each source and step 10',
  objects: 'each rule, rule set, mapping, cap and price 1',
  patterns: 'each pattern 10, and 1 for each 2 characters it stands for, repeats included; `\\p{…}` stands for 100',
  templates: 'each template 2, and 1 for each 4 of its characters; one variable alone 1',
  values: 'each 10 values of a list, and each 64 characters a rule compares with, 1',
} as const;

type Kind = keyof typeof POINTS;

/** Why the flow is too much to compile; empty: it is not. Looked at before anything of it is compiled. */
export function* findTooMuch(document: FlowDocument): Sliced<Problem[]> {
  const count: Count = { points: { parts: 0, objects: 0, patterns: 0, templates: 0, values: 0 }, problems: [] };
  let heaviest = { path: '', points: 0 };
  for (const [path, value] of Object.entries(document)) {
    const before = sum(count.points);
    yield* addPoints(count, value, path);
    const points = sum(count.points) - before;
    if (points > heaviest.points) heaviest = { path, points };
  }
  const total = sum(count.points);
  if (total <= FLOW_POINTS_MAX) return count.problems;
  return [...count.problems, { path: heaviest.path, message: messageFor(total, count.points) }];
}

function messageFor(total: number, points: Count['points']): string {
  const kinds = Object.keys(POINTS) as Kind[];
  const counted = kinds.filter((kind) => points[kind] > 0).sort((a, b) => points[b] - points[a]);
  const shares = counted.map((kind) => `${kind} ${Math.ceil(points[kind])}`).join(', ');
  return `The flow is too large to compile: it counts ${Math.ceil(total)} points and may have ${FLOW_POINTS_MAX} (${shares}). Most of them are here. ${remedy(counted[0])}`;
}

function remedy(kind: Kind | undefined): string {
  if (kind === 'patterns')
    return 'Write patterns as one rule "is included in" with a list where they are plain values, shorten repeats, or share the rules among several flows.';
  if (kind === 'templates')
    return 'Shorten the templates, name a variable alone where it is enough, or share the steps among several flows.';
  return 'Remove what is not used, put values into one list, or share the sources and steps among several flows.';
}

interface Count {
  points: Record<Kind, number>;
  problems: Problem[];
}

function sum(points: Count['points']): number {
  return Object.values(points).reduce((total, each) => total + each, 0);
}

/** The depth of a document is bounded when it is read. */
function* addPoints(count: Count, value: unknown, path: string): Sliced<void> {
  if (typeof value === 'string') count.points.templates += templatePoints(value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    yield* addMembers(count, value, path);
    return;
  }
  // The properties of an object in a document; what they hold is not known here.
  const members = value as Record<string, unknown>;
  if ('integration' in members || members['type'] === 'filter') count.points.parts += 10;
  else count.points.objects += 1;
  const isPattern = members['op'] === 'matches pattern' || members['op'] === 'does not match pattern';
  const { rhv } = members;
  if (typeof rhv === 'string' && !rhv.includes('{{')) {
    if (isPattern) addPattern(count, rhv, `${path}.rhv`);
    else count.points.values += rhv.length / 64;
  }
  for (const [name, member] of Object.entries(members)) yield* addPoints(count, member, `${path}.${name}`);
}

function addPattern(count: Count, pattern: string, path: string): void {
  const points = patternPoints(pattern);
  count.points.patterns += points;
  if (points <= PATTERN_POINTS_MAX) return;
  const message = `This pattern is too large to compile: it counts ${points} points and may have ${PATTERN_POINTS_MAX}. Shorten its repeats, or name characters instead of \\p{…}.`;
  count.problems.push({ path, message });
}

function* addMembers(count: Count, members: readonly unknown[], path: string): Sliced<void> {
  if (path.endsWith('.rhv') && members.length > RULE_VALUES_MAX) {
    const message = `A rule compares with at most ${RULE_VALUES_MAX} values, and this has ${members.length}: put the others into further rules of an "or" set.`;
    count.problems.push({ path, message });
  }
  for (const [index, member] of members.entries()) {
    if (typeof member !== 'object') count.points.values += 0.1;
    yield* addPoints(count, member, `${path}.${index}`);
    if (index % MEMBERS_BETWEEN_PAUSES === 0) yield;
  }
}

/** A member of a list of values takes less time than a pause. */
const MEMBERS_BETWEEN_PAUSES = 16;

const LONE_VARIABLE = /^\{\{\s*[\w.]+\s*\}\}$/;

function templatePoints(text: string): number {
  if (!text.includes('{{')) return 0;
  return LONE_VARIABLE.test(text) ? 1 : 2 + text.length / 4;
}
