import type { Candidacy, CompiledFlow, CompiledStep } from '../flow-compiler/compiled-flow.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import type { RuleProgram } from '../rules/compile-rule-set.ts';
import { parsePath } from '../variables/property-path.ts';

/** What a step was shown when it ran; undefined: it did not run for this lead. */
export type VarsBefore = (stepId: string) => Vars | undefined;

/**
 * The alternatives of a recipient step (decision 47): later ones that ran for a lead and would not have run if this one
 * had accepted, by their own rules or by a filter before them. What would have run all the same is a copy that everybody
 * gets. Once an alternative is known it counts as accepted too: what follows if "A or B" accepted is no alternative of A.
 * Rules see `success` as the outcome of all these and no reason, and a distribution of theirs as sold; anything else they
 * appended is not known, and a step whose rules ask for it is taken for an alternative: rather not delivered than sold
 * twice. Of a recipient of a distribution that sells a lead once, the others that ran are alternatives too. Ids, in order.
 */
export function findAlternatives(
  flow: Pick<CompiledFlow, 'steps'>,
  { stepId, varsBefore, ctx }: { stepId: string; varsBefore: VarsBefore; ctx: EvaluationContext },
): string[] {
  const index = flow.steps.findIndex(({ id }) => id === stepId);
  const first = flow.steps[index];
  if (first?.kind !== 'recipient') return [];
  const accepted: Accepting = { keys: new Set([first.key]), distributions: new Set() };
  if (first.candidacy) accepted.distributions.add(first.candidacy.distribution.key);
  const alternatives: string[] = [];
  let wouldEnd = false;
  for (const [place, step] of flow.steps.entries()) {
    const vars = step === first ? undefined : varsBefore(step.id);
    if (!vars || !step.isEnabled) continue;
    if (first.candidacy && isOfSameDistribution(first.candidacy, step)) {
      // They are offered the lead in another order than that of the document.
      if (excludesOthers(first.candidacy)) alternatives.push(step.id);
      continue;
    }
    if (place < index) continue;
    if (step.kind === 'filter') {
      wouldEnd ||= wouldDiffer(step, { accepted, vars, ctx });
    } else if (wouldEnd || wouldDiffer(step, { accepted, vars, ctx })) {
      alternatives.push(step.id);
      accepted.keys.add(step.key);
      if (step.candidacy) accepted.distributions.add(step.candidacy.distribution.key);
    }
  }
  return alternatives;
}

/** Is a lead that this recipient of a distribution accepts kept from all others? */
export function excludesOthers({ distribution, isExclusive }: Candidacy): boolean {
  return isExclusive || distribution.maxSales === 1;
}

export function isOfSameDistribution({ distribution }: Candidacy, step: CompiledStep): boolean {
  return step.kind === 'recipient' && step.candidacy?.distribution.id === distribution.id;
}

/** What is taken for accepted: keys of recipients, and of distributions. */
interface Accepting {
  keys: Set<string>;
  distributions: Set<string>;
}

/** Would a filter stop the flow that let the lead pass, or a recipient be skipped that ran? */
function wouldDiffer(
  step: CompiledStep,
  { accepted, vars, ctx }: { accepted: Accepting; vars: Vars; ctx: EvaluationContext },
): boolean {
  const read = readBelow(step.rules, accepted);
  if (read.length === 0) return false;
  if (read.some((name) => name === null)) return true;
  const { passed } = step.rules.evaluate({ ...vars, ...showAccepted(accepted, vars) }, ctx);
  return step.kind === 'filter' ? passed : !passed;
}

function showAccepted({ keys, distributions }: Accepting, vars: Vars): Vars {
  const shown: Vars = Object.fromEntries([...keys].map((key) => [key, { outcome: 'success' }]));
  if (distributions.size === 0) return shown;
  const before: unknown = vars['distribution'];
  const sold = Object.fromEntries([...distributions].map((key) => [key, { sold: true }]));
  return { ...shown, distribution: { ...(typeof before === 'object' ? before : {}), ...sold } };
}

/** What of these rules read, `outcome` of `crm.outcome`; null: something that is not known of what has accepted. */
function readBelow(rules: Pick<RuleProgram, 'variables'>, { keys, distributions }: Accepting): (string | null)[] {
  return rules.variables.flatMap((variable) => {
    const parsed = parsePath(variable);
    const [first, ...names] = parsed.ok ? parsed.value.map(String) : [];
    if (first === 'distribution' && names[0] !== undefined && distributions.has(names[0]))
      return [names.slice(1).join('.') === 'sold' ? 'sold' : null];
    if (first === undefined || !keys.has(first)) return [];
    const name = names.join('.');
    return [name === 'outcome' || name === 'reason' ? name : null];
  });
}
