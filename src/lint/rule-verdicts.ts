import type { Sliced } from '../lib/slices.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import { type Claim, claimOf, negateClaim } from './claims.ts';
import { areContrary, type LintWork } from './conflicts.ts';

/** A claim and the rule it was read from. */
export interface PlacedClaim {
  path: string;
  rule: Rule;
  claim: Claim;
}

/** Two rules that no lead can both pass; the warning is at the later one. */
export interface Contradiction {
  earlier: PlacedClaim;
  later: PlacedClaim;
}

export interface RuleVerdicts {
  /** Why no lead passes the set; undefined: one may. */
  never: Contradiction | undefined;
  /** Branches of `or` sets that no lead passes, although the set itself may be passed. */
  deadBranches: readonly Contradiction[];
}

/** A claim is compared with at most so many before it; work is bounded besides by `LintWork`. */
const CLAIMS_MAX = 500;

/** Looks for rules that exclude each other: those of an `and`, with what surrounds it, and with rules inside a rule. */
export function* findContradictions(ruleSet: RuleSet, path: string, work: LintWork): Sliced<RuleVerdicts> {
  const deadBranches: Contradiction[] = [];
  const never = yield* contradictionIn((into) => addSet({ ruleSet, path }, into), { held: [], deadBranches, work });
  return { never, deadBranches };
}

interface Search {
  /** What every lead that gets here has passed. */
  held: readonly PlacedClaim[];
  deadBranches: Contradiction[];
  work: LintWork;
}

function* contradictionIn(
  add: (into: Conjunction) => Sliced<Contradiction | undefined>,
  search: Search,
): Sliced<Contradiction | undefined> {
  const into: Conjunction = { held: [...search.held], choices: [], work: search.work };
  const found = yield* add(into);
  if (found) return found;
  for (const choice of into.choices) {
    const inChoice = yield* contradictionInAll(choice, { ...search, held: into.held });
    if (inChoice) return inChoice;
  }
  return undefined;
}

interface PlacedSet {
  ruleSet: RuleSet;
  path: string;
}

interface Conjunction {
  held: PlacedClaim[];
  /** The `or` sets among the conjuncts, looked at when everything else is known. */
  choices: PlacedSet[];
  work: LintWork;
}

/** Adds what a member of an `and` says, nested `and`s and the rules inside a rule flattened. */
function* addConjunct(entry: Rule | RuleSet, path: string, into: Conjunction): Sliced<Contradiction | undefined> {
  if ('rules' in entry) return yield* addSet({ ruleSet: entry, path }, into);
  const claim = into.held.length < CLAIMS_MAX ? claimOf(entry) : undefined;
  if (claim) {
    const later: PlacedClaim = { path, rule: entry, claim };
    const earlier = into.held.find((other) => areContrary(other.claim, claim, into.work));
    if (earlier) return { earlier, later };
    into.held.push(later);
  }
  return entry.rule_set ? yield* addSet({ ruleSet: entry.rule_set, path: `${path}.rule_set` }, into) : undefined;
}

function* addSet({ ruleSet, path }: PlacedSet, into: Conjunction): Sliced<Contradiction | undefined> {
  if (ruleSet.op === 'or' && ruleSet.rules.length > 1) {
    into.choices.push({ ruleSet, path });
    return undefined;
  }
  for (const [index, entry] of ruleSet.rules.entries()) {
    const found = yield* addConjunct(entry, `${path}.rules.${index}`, into);
    if (found) return found;
    yield;
  }
  return undefined;
}

/** An `or` never passes when none of its branches does; if only some never pass, they are reported as dead branches. */
function* contradictionInAll({ ruleSet, path }: PlacedSet, search: Search): Sliced<Contradiction | undefined> {
  const inner = { ...search, deadBranches: [] };
  const found: (Contradiction | undefined)[] = [];
  for (const [index, entry] of ruleSet.rules.entries()) {
    found.push(yield* contradictionIn((into) => addConjunct(entry, `${path}.rules.${index}`, into), inner));
    yield;
  }
  const dead = found.filter((contradiction) => contradiction !== undefined);
  if (dead.length === found.length) return dead[0];
  search.deadBranches.push(...inner.deadBranches, ...dead);
  return undefined;
}

/** Does every lead pass the set, blank values included? Empty sets pass (spec behaviour 5.1). */
export function passesAlways(ruleSet: RuleSet, work: LintWork): boolean {
  if (ruleSet.op === 'and' || ruleSet.rules.length <= 1)
    return ruleSet.rules.every((entry) => entryPassesAlways(entry, work));
  return ruleSet.rules.some((entry) => entryPassesAlways(entry, work)) || negationsExclude(ruleSet, work);
}

function entryPassesAlways(entry: Rule | RuleSet, work: LintWork): boolean {
  return 'rules' in entry && passesAlways(entry, work);
}

/** `state ≠ TX or state ≠ CA`: no lead fails both, so every lead passes one. */
function negationsExclude(ruleSet: RuleSet, work: LintWork): boolean {
  const failed: Claim[] = [];
  for (const entry of ruleSet.rules.slice(0, CLAIMS_MAX)) {
    if ('rules' in entry || entry.rule_set) continue;
    const claim = claimOf(entry);
    const negation = claim && negateClaim(claim);
    if (!negation) continue;
    if (failed.some((other) => areContrary(other, negation, work))) return true;
    failed.push(negation);
  }
  return false;
}
