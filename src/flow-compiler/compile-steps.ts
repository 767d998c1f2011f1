import type { ModuleVariable, OutboundModule } from '../integrations/contract.ts';
import { assert } from '../lib/assert.ts';
import { hashText } from '../lib/hash-text.ts';
import type { Sliced } from '../lib/slices.ts';
import { appendKeyOf, distributionKeyOf } from '../model/append-key.ts';
import { candidateGroupOf } from '../model/candidate-group.ts';
import { listDeliveriesOf, listDeliverySteps } from '../model/delivery-steps.ts';
import { FIELD_TYPE_NAMES, type FieldTypeName } from '../model/field-type.ts';
import type { Candidate, DistributionStep, FilterStep, RecipientStep, Step } from '../model/flow.ts';
import type { Integration, Mapping } from '../model/mapping.ts';
import { moneyFrom, NO_MONEY } from '../model/money.ts';
import { LEAD_OUTCOMES } from '../model/outcome.ts';
import type { Problem } from '../model/problem.ts';
import { compilePricingInSlices } from '../pricing/compile-pricing.ts';
import { compileHoursOfOperation } from '../rules/hours-of-operation.ts';
import { compileSegmentsLookup } from '../variables/lookup.ts';
import { parsePath } from '../variables/property-path.ts';
import { compileCredential, listCredentialMappings } from './compile-credentials.ts';
import { type CompileSite, capsAt, mappingsAt, rulesAt, templateAt } from './compile-site.ts';
import type {
  CompiledAuction,
  CompiledCandidate,
  CompiledDistribution,
  CompiledFilter,
  CompiledRecipient,
  CompiledStep,
} from './compiled-flow.ts';
import { namesRead } from './known-names.ts';

/** What a filter without an outcome and reason returns to the source. */
export const DEFAULT_FILTER_REASON = 'Failed rules';

/** Names of the variables that are no step's (spec behaviour 5.5): appended data may not hide them. */
const RESERVED_KEYS: ReadonlySet<string> = new Set([
  'lead',
  'submission',
  'account',
  'flow',
  'source',
  'recipient',
  'price',
  'purchase_price',
  'event_id',
  'random',
  'feedback',
  'timestamp',
  'appended',
  'delivery_id',
]);

export function* compileSteps(site: CompileSite, steps: readonly Step[]): Sliced<CompiledStep[]> {
  const compiled: CompiledStep[] = [];
  for (const [index, step] of steps.entries()) {
    const path = `steps.${index}`;
    if (step.type === 'filter') compiled.push(yield* compileFilter(site, { step, path }));
    else if (step.type === 'recipient') compiled.push(yield* compileRecipientStep(site, { step, path }));
    else compiled.push(...(yield* compileDistribution(site, { step, path, steps, index })));
    yield;
  }
  return compiled;
}

/** The recipients of a distribution, in the order of the document. */
function* compileDistribution(
  site: CompileSite,
  at: { step: DistributionStep; path: string; steps: readonly Step[]; index: number },
): Sliced<CompiledCandidate[]> {
  const { step, path, index } = at;
  const distribution: CompiledDistribution = {
    id: step.id ?? '',
    path,
    key: distributionKeyOf(step),
    isEnabled: step.enabled !== false,
    document: step,
    method: step.method,
    maxSales: step.max_sales ?? (step.method === 'send_all' ? step.recipients.length : 1),
    auction: compileAuction(step),
  };
  checkDistribution(site, at);
  const turns = nameTurns(step);
  const compiled: CompiledCandidate[] = [];
  for (const { path: placed, step: recipient } of listDeliveriesOf(step, index)) {
    const candidate = step.recipients[compiled.length];
    assert(candidate, 'each delivery of a distribution is one of its recipients');
    const hours = compileHoursOfOperation(candidate.hours_of_operation, {
      path: `${placed}.hours_of_operation`,
      timeZone: site.context.account.timeZone,
      problems: site.problems,
    });
    const asks = step.method === 'highest_bid' ? (candidate.bid ?? null) : null;
    const delivery = yield* compileRecipientStep(site, { step: recipient, path: placed, isSoldAtBid: asks !== null });
    compiled.push({
      ...delivery,
      candidacy: {
        distribution,
        hours,
        weight: weightOf(step, candidate),
        priority: candidate.priority ?? 0,
        tier: candidate.tier ?? 1,
        isExclusive: candidate.exclusive === true,
        turns: turns.get(candidateGroupOf(candidate)) ?? '',
        bid: asks ? yield* compileBid(site, { delivery, bid: asks, path: `${placed}.bid` }) : null,
      },
    });
    yield;
  }
  return compiled;
}

function checkDistribution(
  { problems }: CompileSite,
  { step, path, steps, index }: { step: DistributionStep; path: string; steps: readonly Step[]; index: number },
): void {
  const key = distributionKeyOf(step);
  const earlier = steps.slice(0, index).some((each) => each.type === 'distribution' && distributionKeyOf(each) === key);
  if (earlier) {
    const message = `Another distribution of this flow has the key "${key}": give each a name or a key of its own.`;
    problems.push({ path: `${path}.key`, message });
  }
  for (const { path: placed, step: recipient } of listDeliverySteps({ steps })) {
    if (appendKeyOf(recipient) !== DISTRIBUTION) continue;
    const message = `Appended data cannot sit under "${DISTRIBUTION}" in a flow with a distribution: set "key" to another name.`;
    problems.push({ path: `${placed}.key`, message });
  }
  if (step.method === 'highest_bid') checkAuction(problems, { step, path });
  if (step.method !== 'percentage') return;
  step.recipients.forEach((candidate, place) => {
    if (candidate.percentage !== undefined) return;
    const message = 'Say which part of the sales this recipient is to have: a number from 0 to 100.';
    problems.push({ path: `${path}.recipients.${place}.percentage`, message });
  });
}

/** ms that all bids of a tier may take together. */
export const BID_TIMEOUT_MS_DEFAULT = 1_000;
export const BID_TIMEOUT_MS_MIN = 50;
export const BID_TIMEOUT_MS_MAX = 10_000;
/** Recipients of one distribution that are asked for bids: all of a tier are asked at once. */
export const BIDDERS_MAX = 50;

function checkAuction(problems: Problem[], { step, path }: { step: DistributionStep; path: string }): void {
  const bidders = step.recipients.filter(({ bid }) => bid);
  if (bidders.length > BIDDERS_MAX) {
    const message = `${bidders.length} recipients are asked for bids, and ${BIDDERS_MAX} may be: remove some, or give them price rules instead.`;
    problems.push({ path: `${path}.recipients`, message });
  }
  const { amount, percent } = step.margin_floor ?? {};
  if (step.margin_floor && (amount === undefined) === (percent === undefined)) {
    const message = 'Give an amount or a percentage, and not both.';
    problems.push({ path: `${path}.margin_floor`, message });
  }
}

function compileAuction(step: DistributionStep): CompiledAuction {
  const { margin_floor: margin, bid_timeout_ms: timeoutMs = BID_TIMEOUT_MS_DEFAULT } = step;
  return {
    timeoutMs,
    minimumPrice: moneyFrom(step.minimum_price) ?? NO_MONEY,
    margin: margin ? { amount: moneyFrom(margin.amount) ?? NO_MONEY, percent: margin.percent ?? 0 } : null,
    pricesPings: step.bids_price_pings === true,
  };
}

/** Asks with an integration of its own; an answer with a 4xx status is no bid. */
function* compileBid(
  site: CompileSite,
  { delivery, bid, path }: { delivery: CompiledRecipient; bid: Integration; path: string },
): Sliced<CompiledRecipient> {
  return {
    ...delivery,
    ...(yield* compileIntegration(site, { integration: bid, mappings: bid.mappings ?? [], path })),
    id: `${delivery.id}.bid`,
    // The credential is that of the delivery.
    credentialMappings: delivery.credential ? listCredentialMappings(bid.mappings ?? []) : NONE,
    document: { ...delivery.document, integration: bid },
    isStrictStatus: true,
  };
}

/** What distributions say of a lead is below this name. */
export const DISTRIBUTION = 'distribution';

/** By what the method shares leads out. */
function weightOf({ method }: DistributionStep, { weight = 1, percentage = 0 }: Candidate): number {
  if (method === 'weighted') return weight;
  return method === 'percentage' ? percentage : 1;
}

/** The name of the turns of each group: another one as soon as its method, a member or a weight is another. */
function nameTurns(step: DistributionStep): ReadonlyMap<string, string> {
  const members = new Map<string, string[]>();
  for (const candidate of step.recipients) {
    const group = candidateGroupOf(candidate);
    members.set(group, [...(members.get(group) ?? [group]), `${candidate.id}=${weightOf(step, candidate)}`]);
  }
  return new Map([...members].map(([group, names]) => [group, hashText(`${step.method} ${names.join(' ')}`)]));
}

function* compileFilter(site: CompileSite, { step, path }: { step: FilterStep; path: string }): Sliced<CompiledFilter> {
  const outcome = templateAt(site, `${path}.outcome`, step.outcome?.trim() || 'failure');
  // A template that does not compile has been reported, and its source is empty here.
  const isUnknown = !['', ...LEAD_OUTCOMES].includes(outcome.source.toLowerCase());
  if (outcome.kind === 'literal' && isUnknown) {
    const message = 'The outcome of a filter is success, failure or error, or a template such as {{my_crm.outcome}}.';
    site.problems.push({ path: `${path}.outcome`, message });
  }
  return {
    kind: 'filter',
    id: step.id ?? '',
    path,
    isEnabled: step.enabled !== false,
    document: step,
    rules: yield* rulesAt(site, `${path}.rule_set`, step.rule_set),
    outcome,
    reason: templateAt(site, `${path}.reason`, step.reason || DEFAULT_FILTER_REASON),
  };
}

/** `mappings` are what runs where they are not what the document shows. */
export function* compileRecipientStep(
  site: CompileSite,
  at: { step: RecipientStep; path: string; mappings?: readonly Mapping[]; isSoldAtBid?: boolean },
): Sliced<CompiledRecipient> {
  const { step, path, mappings = step.integration.mappings } = at;
  const { integration } = step;
  const compiled: CompiledRecipient = {
    kind: 'recipient',
    id: step.id ?? '',
    path,
    isEnabled: step.enabled !== false,
    document: step,
    entityId: step.entity.id ?? '',
    entityName: step.entity.name ?? '',
    key: appendKey(site, at),
    rules: yield* rulesAt(site, `${path}.rule_set`, step.rule_set),
    ...(yield* compileIntegration(site, { integration, mappings, path: `${path}.integration` })),
    caps: yield* capsAt(site, `${path}.caps`, step.caps),
    pricing: yield* compilePricingInSlices([{ name: 'recipient', path, pricing: step.pricing }], site),
    isStrictStatus: step.strict_status === true,
    ...compileCredentialOf(site, { step, path, mappings }),
    seesSecrets: true,
    candidacy: null,
  };
  if (!at.isSoldAtBid) checkHoldable(site, { compiled, path });
  return compiled;
}

/** What a revenue cap of a step holds has to be known before the recipient answers (decision page 0076). */
function checkHoldable(site: CompileSite, { compiled, path }: { compiled: CompiledRecipient; path: string }): void {
  const { caps, document } = compiled;
  const { override, maximum_price: maximum = null } = document.pricing ?? {};
  if (!caps.hasMoney || override !== true || maximum !== null) return;
  const message =
    'A cap of this step counts dollars, and its recipient names the price: set the maximum_price, the most that one delivery is booked for, or use prices in the place of "override".';
  site.problems.push({ path: `${path}.pricing.maximum_price`, message });
}

type CompiledIntegration = Pick<
  CompiledRecipient,
  'module' | 'mappings' | 'mappedRoots' | 'typedVariables' | 'appendedTypes' | 'secretMappings'
>;

function* compileIntegration(
  site: CompileSite,
  at: { integration: Integration; mappings: readonly Mapping[]; path: string },
): Sliced<CompiledIntegration> {
  const { integration, mappings, path } = at;
  const module = outboundModule(site, { moduleId: integration.module_id, path: `${path}.module_id` });
  yield* checkNames(site, { module, mappings, path: `${path}.mappings` });
  return {
    module,
    mappings: yield* mappingsAt(site, `${path}.mappings`, mappings, { forms: module?.templateForms ?? {} }),
    mappedRoots: yield* listRoots(mappings),
    typedVariables: (module?.requestVariables ?? []).flatMap((variable) => typedVariable(site, variable)),
    appendedTypes: appendedTypes(module?.responseVariables ?? []),
    secretMappings: yield* secretMappings(site, mappings),
  };
}

function compileCredentialOf(
  site: CompileSite,
  at: { step: RecipientStep; path: string; mappings: readonly Mapping[] },
): Pick<CompiledRecipient, 'credential' | 'credentialMappings'> {
  const credential = compileCredential(site, at);
  return { credential, credentialMappings: credential ? listCredentialMappings(at.mappings) : NONE };
}

const NONE: ReadonlySet<number> = new Set();

/** A name that cannot be sent, such as an XML element with a blank in it, would fail every lead. */
function* checkNames(
  site: CompileSite,
  { module, mappings, path }: { module: OutboundModule | null; mappings: readonly Mapping[]; path: string },
): Sliced<void> {
  if (!module?.nameProblem) return;
  for (const [index, { property, value }] of mappings.entries()) {
    yield;
    const parsed = parsePath(property);
    if (!parsed.ok) continue;
    const written = typeof value === 'string' ? value : '';
    const message = module.nameProblem({ segments: parsed.value.map(String), value: written });
    if (message !== undefined) site.problems.push({ path: `${path}.${index}.property`, message });
  }
}

function* secretMappings(site: CompileSite, mappings: readonly Mapping[]): Sliced<ReadonlySet<number>> {
  const secret = new Set<number>();
  for (const [index, mapping] of mappings.entries()) {
    if (namesRead([mapping]).some(site.isSecretField)) secret.add(index);
    yield;
  }
  return secret;
}

function outboundModule(
  site: CompileSite,
  { moduleId, path }: { moduleId: string; path: string },
): OutboundModule | null {
  const module = site.modules.find(moduleId);
  if (module?.direction === 'outbound') return module;
  const message = module
    ? `"${moduleId}" receives leads; a step needs a module that delivers them, such as leadconduit-custom.outbound.json.`
    : `There is no integration "${moduleId}": install it or use leadconduit-custom.outbound.json.`;
  site.problems.push({ path, message });
  return null;
}

function appendKey(site: CompileSite, { step, path }: { step: RecipientStep; path: string }): string {
  const key = appendKeyOf(step);
  if (key === '' || RESERVED_KEYS.has(key)) {
    const message = `Appended data cannot sit under "${key}": give the recipient another name, or set "key" on the step.`;
    site.problems.push({ path: step.key === undefined ? `${path}.entity.name` : `${path}.key`, message });
  }
  return key;
}

function* listRoots(mappings: readonly Mapping[]): Sliced<string[]> {
  const roots = new Set<string>();
  for (const { property } of mappings) {
    const parsed = parsePath(property);
    if (parsed.ok && parsed.value.length > 1) roots.add(String(parsed.value[0]));
    yield;
  }
  return [...roots];
}

function typedVariable(site: CompileSite, variable: ModuleVariable): CompiledRecipient['typedVariables'] {
  const type = typeNamed(variable.type ?? site.context.fieldOf(variable.name)?.type);
  const parsed = parsePath(variable.name);
  if (!type || type === 'string' || !parsed.ok || variable.name.includes('*')) return [];
  return [{ lookup: compileSegmentsLookup(parsed.value), segments: parsed.value, type }];
}

function appendedTypes(variables: readonly ModuleVariable[]): ReadonlyMap<string, FieldTypeName> {
  const typed = variables.flatMap((variable): [string, FieldTypeName][] => {
    const type = typeNamed(variable.type);
    return type && type !== 'string' ? [[variable.name, type]] : [];
  });
  return new Map(typed);
}

function typeNamed(name: string | undefined): FieldTypeName | undefined {
  return FIELD_TYPE_NAMES.find((known) => known === name);
}
