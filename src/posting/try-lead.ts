import type { EventRecord } from '../events/event-store.ts';
import type { ExplainedRule } from '../events/explain-rules.ts';
import type { LeadPast } from '../events/lead-past.ts';
import { type DecidedBy, decidedBy, listCriteria } from '../explain/decided-by.ts';
import { type Deciding, decidingRules, findingsByPath } from '../explain/deciding-rules.ts';
import { quoted, shown } from '../explain/wording.ts';
import type { CompiledFlow, CompiledSource } from '../flow-compiler/compiled-flow.ts';
import type { InboundModule } from '../integrations/contract.ts';
import { copyMembers } from '../lib/copy-members.ts';
import { misspeltName } from '../lib/misspelt-name.ts';
import type { Rule } from '../model/rule-set.ts';
import type { Vars } from '../model/vars.ts';
import { OUTSIDE_HOURS_REASON } from '../rules/hours-of-operation.ts';
import { RANDOM_DEFAULT } from '../simulation/chance.ts';
import { type SimulateDeps, simulatePast } from '../simulation/simulate-lead.ts';
import type { SimulatedSubmission } from '../simulation/simulation.ts';
import { normalOf } from '../variables/rich-value.ts';
import { describeCondition } from './describe-conditions.ts';
import type { NameVariable } from './name-variables.ts';
import type { PostingSettings } from './posting-link.ts';
import { EXAMPLE_BID } from './sample-responses.ts';

/** What a dry run came to. */
export interface TriedLead {
  /** As a request to the submit URL would get it. */
  response: { status: number; headers: Record<string, unknown>; body: string };
  /** null: it did not become a lead. */
  outcome: 'success' | 'failure' | 'error' | null;
  /** Why, in the vendor's names: whole sentences. */
  sentences: string[];
  /** Names that nothing reads, with the name that was probably meant. */
  unused: { name: string; suggestion: string | null }[];
}

export interface TriedSubmission {
  submission: SimulatedSubmission;
  /** Of the parameters. */
  names: readonly string[];
}

interface TryFacts {
  source: CompiledSource;
  settings: Pick<PostingSettings, 'shows_prices' | 'hides_rules'>;
  nameVariable: NameVariable;
  /** Names of the page. */
  knownNames: readonly string[];
  deps: SimulateDeps;
}

/**
 * Takes a submission through the flow as a simulation does: nothing is sent, counted or stored. The answer names no
 * recipient, and no price that the link does not share.
 */
export async function tryLead(
  flow: CompiledFlow,
  { submission, names }: TriedSubmission,
  facts: TryFacts,
): Promise<TriedLead> {
  const concealed = concealInAnswers(flow, facts);
  const source = concealed.sources.get(facts.source.entityId) ?? facts.source;
  const { past, events, response } = await simulatePast(concealed, {
    source,
    simulation: { ...NOTHING_GIVEN, source: source.entityId, submission },
    deps: facts.deps,
  });
  return {
    response: { ...response, headers: { ...response.headers }, body: response.body ?? '' },
    outcome: past ? past.lead.outcome : null,
    sentences: past ? describeEnd(past, { events, facts }) : [refusedSentence(response)],
    unused: names
      .filter((name) => !source.isKnownName(name) && !facts.knownNames.includes(name) && !MODULE_NAMES.has(name))
      .slice(0, UNUSED_MAX)
      .map((name) => ({ name, suggestion: misspeltName(name, facts.knownNames) ?? null })),
  };
}

/** Names that modules take themselves. */
const MODULE_NAMES: ReadonlySet<string> = new Set(['redir_url', 'ping_id']);
const UNUSED_MAX = 50;

/** Everything accepts, and nothing is known of earlier leads. */
const NOTHING_GIVEN = {
  flow: { kind: 'revision', revision: 'deployed' },
  now: undefined,
  random: RANDOM_DEFAULT,
  lists: [],
  caps: new Map(),
  answers: new Map(),
  prices: new Map(),
} as const;

/** The flow with sources whose answers have nothing of recipients, and another price than 0 only where prices are shared. */
function concealInAnswers(flow: CompiledFlow, { settings }: TryFacts): CompiledFlow {
  const keys = flow.steps.flatMap((step) => (step.kind === 'recipient' ? [step.key] : []));
  const conceal = (module: InboundModule): InboundModule => ({
    ...module,
    response: (request, vars, fieldIds) => module.response(request, concealVars(vars, { keys, settings }), fieldIds),
  });
  const sources = [...flow.sources].map(
    ([ref, source]) => [ref, { ...source, module: source.module && conceal(source.module) }] as const,
  );
  return { ...flow, sources: new Map(sources) };
}

function concealVars(
  vars: Vars,
  { keys, settings }: { keys: readonly string[]; settings: TryFacts['settings'] },
): Vars {
  const seen = copyMembers(vars);
  for (const key of keys) delete seen[key];
  seen['appended'] = {};
  if (!settings.shows_prices && Number(normalOf(vars['price'])) > 0) seen['price'] = EXAMPLE_BID;
  return seen;
}

function refusedSentence({ status }: { status: number }): string {
  return status === 403
    ? 'This source is switched off: no lead was made.'
    : `The request was refused with ${status} before it became a lead; the body says why.`;
}

function describeEnd(past: LeadPast, { events, facts }: { events: readonly EventRecord[]; facts: TryFacts }): string[] {
  const { lead } = past;
  const { shows_prices: showsPrices } = facts.settings;
  const priced =
    !showsPrices && lead.price > 0 ? ['This page does not share prices: the one in the answer stands for any.'] : [];
  if (lead.outcome === 'success') return [ACCEPTED, ...priced];
  const decided = decidedBy(past, events);
  const why = decided ? whyStopped(past, { decided, facts }) : [];
  const reason = lead.reason === null ? [] : [`The answer gives the reason ${quoted(lead.reason)}.`];
  return [`The lead would get the outcome "${lead.outcome}".`, ...why, ...reason];
}

const ACCEPTED = 'The lead would be accepted, if it is no duplicate, its caps have room and it can be delivered.';
const HIDDEN_RULE = 'A rule was not met that this page does not show.';

function whyStopped(past: LeadPast, { decided, facts }: { decided: DecidedBy; facts: TryFacts }): string[] {
  const { phase, path } = decided;
  if (path === 'hours_of_operation') return [`It is outside the hours: ${OUTSIDE_HOURS_REASON.toLowerCase()}.`];
  if (phase === 'caps') return ['A cap takes no leads now.'];
  const findings = findingsByPath(past);
  const criteria = listCriteria(past).find((each) => each.path === path);
  if (criteria) {
    const deciding = decidingRules(criteria.ruleSet, { path: `${criteria.path}.rule_set`, findings });
    return describeRules(deciding, { isNegated: false, facts });
  }
  const step = past.flow.steps.find(({ id }) => id === decided.id);
  if (step?.kind !== 'filter') return [];
  const deciding = decidingRules(step.document.rule_set, { path: `${step.path}.rule_set`, findings });
  return describeRules(deciding, { isNegated: true, facts });
}

function describeRules({ rules }: Deciding, { isNegated, facts }: { isNegated: boolean; facts: TryFacts }): string[] {
  const clauses = rules.map((rule) => (facts.settings.hides_rules ? null : describeFailed(rule, { isNegated, facts })));
  const known = clauses.filter((clause) => clause !== null);
  if (known.length < clauses.length) return [HIDDEN_RULE];
  if (known.length < 2) return known;
  return [`At least one of these must hold: ${known.map((clause) => clause.replace(/\.$/, '')).join('; ')}.`];
}

/** `state must be one of TX, CA; it was NY.` */
function describeFailed(
  rule: ExplainedRule,
  { isNegated, facts }: { isNegated: boolean; facts: TryFacts },
): string | null {
  // As the flow document has it.
  const written = { lhv: rule.lhv, op: rule.op, rhv: rule.rhv } as Rule;
  const said = describeCondition({ kind: 'rule', rule: written, isNegated }, facts.nameVariable);
  if (said?.kind !== 'rule') return null;
  if (said.parameters.length === 0) return said.sentence;
  return `${said.sentence.replace(/\.$/, '')}; it was ${shown(rule.left)}.`;
}
