import { findField, maskedFieldIds } from '../../fields/find-field.ts';
import { compileFlow } from '../../flow-compiler/compile-flow.ts';
import type { CompiledFlow, LiveDestination } from '../../flow-compiler/compiled-flow.ts';
import { builtinModules } from '../../integrations/builtin-modules.ts';
import type { ModuleRegistry } from '../../integrations/contract.ts';
import { createModuleRegistry } from '../../integrations/registry.ts';
import type { LookedUpList } from '../../lists/looked-up-list.ts';
import type { ListForm } from '../../lists/normalise-list-value.ts';
import type { NamedBatch } from '../../model/batch.ts';
import type { Cap } from '../../model/cap.ts';
import type { CredentialName } from '../../model/credential.ts';
import type { Field } from '../../model/field.ts';
import type { Candidate, DistributionStep, FilterStep, FlowDocument, RecipientStep, Source } from '../../model/flow.ts';
import type { MappingValue } from '../../model/mapping.ts';
import type { LivePricingService } from '../../model/pricing.ts';
import type { Problem } from '../../model/problem.ts';
import type { Rule, RuleSet } from '../../model/rule-set.ts';

export const ACCOUNT_ID = 'aaaaaaaaaaaaaaaaaaaaaaaa';
export const FLOW_ID = 'ffffffffffffffffffffffff';
export const SOURCE_ID = '5c5c5c5c5c5c5c5c5c5c5c5c';
export const BUYER_URL = 'https://buyer.example.com/leads';

/** A custom field that its author called secret. */
const SECRET_FIELD: Field = { id: 'secret_acme', name: 'Secret', type: 'string', masked: true };

/** A flow that takes everything and sends nothing, but for what the test says. */
export function testFlow(parts: Partial<FlowDocument> = {}): FlowDocument {
  return {
    id: FLOW_ID,
    name: 'Solar leads',
    enabled: true,
    fields: ['first_name', 'email', 'phone_1', 'state', 'ssn'],
    sources: [testSource()],
    steps: [],
    ...parts,
  };
}

export function testSource(parts: Partial<Source> = {}): Source {
  return {
    id: 'src001',
    entity: { id: SOURCE_ID, name: 'Acme Leads' },
    integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
    ...parts,
  };
}

/** A JSON delivery to the buyer, whose answer says the outcome; `properties` are further mappings. */
export function deliveryTo(
  name: string,
  parts: Partial<RecipientStep> = {},
  properties: Record<string, MappingValue> = {},
): RecipientStep {
  const mapped = {
    url: BUYER_URL,
    'json_property.email': '{{lead.email}}',
    outcome_search_path: 'outcome',
    outcome_search_term: 'success',
    reason_path: 'reason',
    price_path: 'price',
    ...properties,
  };
  const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
  return {
    id: name.toLowerCase().replace(/\W/g, '').padEnd(6, '0').slice(0, 6),
    type: 'recipient',
    entity: { id: 'b0b0b0b0b0b0b0b0b0b0b0b0', name },
    integration: { module_id: 'leadconduit-custom.outbound.json', mappings },
    ...parts,
  };
}

/** A distribution among these deliveries, with the method and further settings. */
export function distributionOf(
  recipients: readonly Candidate[],
  parts: Partial<DistributionStep> = {},
): DistributionStep {
  return { id: 'shares', type: 'distribution', method: 'waterfall', recipients: [...recipients], ...parts };
}

/** A delivery as a recipient of a distribution. */
export function candidateOf(
  name: string,
  parts: Partial<Candidate> = {},
  properties: Record<string, MappingValue> = {},
): Candidate {
  const { type: _, ...delivery } = deliveryTo(name, {}, properties);
  return { ...delivery, ...parts };
}

export function filter(rules: RuleSet, parts: Partial<FilterStep> = {}): FilterStep {
  return { id: 'filter', type: 'filter', rule_set: rules, ...parts };
}

export function when(lhv: string, op: string, rhv?: Rule['rhv']): RuleSet {
  return { op: 'and', rules: [{ lhv, op, ...(rhv === undefined ? {} : { rhv }) }] };
}

export function dailyCap(parts: Partial<Cap> = {}): Cap {
  return {
    id: 'cccccccccccccccccccccccc',
    type: 'volume',
    maximum: 1,
    duration: 1,
    duration_units: 'day',
    ...parts,
  };
}

/** Compiles as a deploy does, with the modules that come with Sluice. Lists a document names have ids `list <name>`. */
export function compileTestFlow(
  document: FlowDocument,
  modules: ModuleRegistry = builtins,
  destinations: readonly LiveDestination[] = [],
  pricingServices: readonly LivePricingService[] = [],
  credentials: readonly CredentialName[] = [],
  batches: readonly NamedBatch[] = [],
): { flow: CompiledFlow; problems: Problem[] } {
  const context = {
    account: {
      id: ACCOUNT_ID,
      name: 'Acme',
      timeZone: 'America/New_York',
      dataRetentionInDays: 90,
      isPingEnabled: true,
    },
    revision: 3,
    fieldOf: (id: string) => findField(id, [SECRET_FIELD]),
    isDeletedField: () => false,
    maskedFieldIds: maskedFieldIds([SECRET_FIELD]),
    capGenerations: {},
    destinations: new Map<string, LiveDestination>(destinations.map((each) => [each.instanceId, each])),
    pricingServices: new Map(pricingServices.map((each) => [each.id, each])),
    credentials: new Map(credentials.map((each) => [each.id, each])),
    batches: new Map(batches.map((each) => [each.id, each])),
    lists: new Map([
      ['people', listNamed('people', 'email')],
      ['customers', listNamed('customers', 'phone')],
      ['dnc', listNamed('dnc', 'phone')],
      ['contacts', listNamed('contacts', 'contact')],
    ]),
  };
  return compileFlow(document, { context, modules });
}

function listNamed(name: string, form: ListForm): LookedUpList {
  const id = `list ${name}`;
  return { id, contentsId: id, form, ttlSeconds: null };
}

const builtins = createModuleRegistry(builtinModules([]));
