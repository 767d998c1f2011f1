import { findFieldType } from '../field-types/field-types.ts';
import { isMaskedField } from '../field-types/is-masked-field.ts';
import { maskValue } from '../field-types/mask-value.ts';
import { starOut } from '../field-types/star-out.ts';
import type { ModuleRegistry } from '../integrations/contract.ts';
import { finish, type Sliced } from '../lib/slices.ts';
import { listValuesOf } from '../lists/list-check-values.ts';
import { listUrlName } from '../lists/list-url-name.ts';
import { compileLookback, withTtl } from '../lists/lookback.ts';
import type { Field } from '../model/field.ts';
import type { FlowDocument, ListCheck, ListCheckName } from '../model/flow.ts';
import { LIST_CHECK_NAMES } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { compilePricingInSlices } from '../pricing/compile-pricing.ts';
import { compileHoursOfOperation } from '../rules/hours-of-operation.ts';
import { labelOfPath } from '../rules/label.ts';
import { createRuleCatalogue } from '../rules/rule-catalogue.ts';
import type { Template } from '../templates/compile-template.ts';
import { compileLookup } from '../variables/lookup.ts';
import { buildSecretNames } from '../variables/secret-names.ts';
import { compileBatches } from './compile-batches.ts';
import { compileDestinations } from './compile-destinations.ts';
import { compileFeedback, NO_FEEDBACK } from './compile-feedback.ts';
import { compilePricingServices } from './compile-pricing-services.ts';
import { type CompileSite, capsAt, pingLimitsAt, templateAt } from './compile-site.ts';
import { compileCriteria, compileSources } from './compile-source.ts';
import { compileSteps } from './compile-steps.ts';
import type {
  CompiledCandidate,
  CompiledDistribution,
  CompiledField,
  CompiledFlow,
  CompiledListCheck,
  FlowContext,
} from './compiled-flow.ts';

export interface CompileDeps {
  context: FlowContext;
  modules: ModuleRegistry;
}

/** A flow with problems is compiled as far as it goes and must not be deployed (decision 39). */
export interface Compilation {
  flow: CompiledFlow;
  /** Everything that keeps it from running, with a path and the remedy. */
  problems: Problem[];
}

/** How long the price of a ping holds where the flow says nothing (decision 26). */
export const PING_LIFE_SECONDS_DEFAULT = 300;
export const PING_LIFE_SECONDS_MAX = 86_400;

/** A flow document made ready to run. */
export function compileFlow(document: FlowDocument, deps: CompileDeps): Compilation {
  return finish(compileFlowInSlices(document, deps));
}

/** The same as work that can pause: a large flow takes seconds (page 0052). */
export function* compileFlowInSlices(document: FlowDocument, deps: CompileDeps): Sliced<Compilation> {
  yield;
  const { context, modules } = deps;
  const problems: Problem[] = [];
  const catalogue = createRuleCatalogue();
  const labelOf = (path: string) => labelOfPath(path, (id) => context.fieldOf(id)?.name);
  // A name that is exactly that of a field that is not masked means this field.
  const isSecretField = buildSecretNames(context.maskedFieldIds, (name) => isPlain(context, name));
  const site: CompileSite = { context, modules, labelOf, isSecretField, catalogue, problems };
  // The order of compiling is the order of the catalogue: that of the document's own reading.
  const caps = yield* capsAt(site, 'caps', document.caps);
  const flow: CompiledFlow = {
    id: document.id ?? '',
    name: document.name,
    revision: context.revision,
    account: context.account,
    isEnabled: document.enabled,
    document,
    fields: compileFields(site, document.fields),
    caps,
    hours: compileHoursOfOperation(document.hours_of_operation, {
      path: 'hours_of_operation',
      timeZone: context.account.timeZone,
      problems,
    }),
    pricing: yield* compilePricingInSlices(
      [{ name: 'flow', path: '', pricing: document.pricing, pricingService: document.pricing_service }],
      site,
    ),
    pricingServices: compilePricingServices(document, { context, isSecretField }),
    batches: compileBatches(site, document),
    criteria: yield* compileCriteria(site, 'acceptance_criteria', document.acceptance_criteria),
    listChecks: compileListChecks(site, document),
    pings: {
      isEnabled: document.ping_enabled === true,
      lifeMs: (document.ping_life_seconds ?? PING_LIFE_SECONDS_DEFAULT) * 1000,
      limits: yield* pingLimitsAt(site, 'ping_limits', document.ping_limits),
      bidders: [],
    },
    sources: yield* compileSources(site, { document, caps }),
    steps: yield* compileSteps(site, document.steps),
    destinations: [],
    feedback: NO_FEEDBACK,
    capGenerations: context.capGenerations,
    catalogue,
    isSecretField,
    hasMaskedFields: document.fields.some((id) => isSecret(context, id)),
  };
  flow.pings = { ...flow.pings, bidders: listPingBidders(flow) };
  // What they carry is of the fields and steps above.
  flow.destinations = yield* compileDestinations(site, { document, fields: flow.fields, steps: flow.steps });
  // The last: findings of past leads name rules by their place in the catalogue.
  flow.feedback = yield* compileFeedback(site, document);
  return { flow, problems };
}

/** Of the first distribution that is switched on and says so. */
function listPingBidders({ pings, steps }: CompiledFlow): CompiledCandidate[] {
  if (!pings.isEnabled) return [];
  const candidates = steps.filter(
    (step) => step.kind === 'recipient' && step.candidacy !== null,
  ) as CompiledCandidate[];
  const pricing = candidates.find(({ candidacy: { distribution } }) => pricesPings(distribution))?.candidacy;
  return candidates.filter(({ candidacy }) => candidacy.distribution === pricing?.distribution);
}

function pricesPings({ isEnabled, method, auction }: CompiledDistribution): boolean {
  return isEnabled && method === 'highest_bid' && auction.pricesPings;
}

/**
 * A flow that was compiled to be checked, with what only a flow that runs has: its id and revision, generations and
 * lists. Nothing else of it depends on them.
 */
export function placeFlow(checked: CompiledFlow, document: FlowDocument, deps: CompileDeps): CompiledFlow {
  const { context, modules } = deps;
  const { catalogue, isSecretField } = checked;
  const site: CompileSite = { context, modules, labelOf: (path) => path, isSecretField, catalogue, problems: [] };
  return {
    ...checked,
    id: document.id ?? '',
    document,
    revision: context.revision,
    capGenerations: context.capGenerations,
    listChecks: compileListChecks(site, document),
  };
}

function isPlain(context: FlowContext, name: string): boolean {
  const field = context.fieldOf(name);
  return field !== undefined && !isMaskedField(field);
}

function isSecret(context: FlowContext, fieldId: string): boolean {
  const field = context.fieldOf(fieldId);
  return field !== undefined && isMaskedField(field);
}

export function compileFields(site: CompileSite, fieldIds: readonly string[]): CompiledField[] {
  const met = new Set<string>();
  return fieldIds.flatMap((id, index): CompiledField[] => {
    const path = `fields.${index}`;
    const field = site.context.fieldOf(id);
    if (!field || site.context.isDeletedField(id))
      site.problems.push({ path, message: `There is no field "${id}": create it or remove it from the list.` });
    if (met.has(id)) site.problems.push({ path, message: `The field "${id}" is listed twice: remove one.` });
    if (!field || met.has(id)) return [];
    met.add(id);
    return [
      {
        id,
        type: field.type,
        mask: isSecret(site.context, id) ? chooseMask(field.type) : null,
        submitted: compileLookup(id),
        segments: id.split('.'),
      },
    ];
  });
}

/** Types that have a masked form of their own use it; of any other value only its length is left. */
function chooseMask(type: Field['type']): (value: unknown) => unknown {
  return type !== 'array' && findFieldType(type)?.isMaskable === true ? maskValue : starOut;
}

function compileListChecks(site: CompileSite, document: FlowDocument): CompiledListCheck[] {
  const checks = document.list_checks ?? {};
  return LIST_CHECK_NAMES.flatMap((name) => {
    const check = checks[name];
    return check ? compileListCheck(site, { name, check }) : [];
  });
}

function compileListCheck(
  site: CompileSite,
  { name, check }: { name: ListCheckName; check: ListCheck },
): CompiledListCheck[] {
  const path = `list_checks.${name}`;
  const isOne = typeof check.value === 'string';
  if (isOne === Array.isArray(check.values)) {
    const message = isOne
      ? 'Give value or values, not both: put the value into the list.'
      : 'Is required: a template, or several of them in values.';
    site.problems.push({ path: `${path}.value`, message });
  }
  const lookback = compileLookback(check.lookback, { path: `${path}.lookback`, problems: site.problems });
  const values = listValuesOf(check);
  const unnamed = values.filter(({ listName }) => listUrlName(listName ?? '') === '').map(({ listPath }) => listPath);
  for (const each of new Set(unnamed)) {
    site.problems.push({ path: `${path}.${each}`, message: 'Name the list to look in.' });
  }
  return values.map(({ template, listName, place, path: valuePath }) => {
    const list = site.context.lists.get(listUrlName(listName ?? ''));
    const value = templateAt(site, `${path}.${valuePath}`, template);
    return {
      name,
      place,
      valueName: nameListValue(value, place),
      value,
      listName: listName ?? '',
      listId: list?.contentsId ?? '',
      listType: list?.form ?? 'text',
      cutoffAt: withTtl(lookback, list?.ttlSeconds ?? null),
      // Only the duplicate check enters what it looked for (decision 5).
      hold: name === 'duplicate' && check.add !== false,
    };
  });
}

/** By the variables that it reads, which say what it is and not whose. */
function nameListValue({ variables }: Template, place: number | null): string {
  return variables.length > 0 ? variables.join(' + ') : `value ${(place ?? 0) + 1}`;
}
