import type { CapProgram, CompiledCap } from '../caps/compile-caps.ts';
import type { InboundModule, OutboundModule } from '../integrations/contract.ts';
import type { Cutoff } from '../lists/lookback.ts';
import type { LookedUpList } from '../lists/looked-up-list.ts';
import type { ListForm } from '../lists/normalise-list-value.ts';
import type { MappingProgram } from '../mappings/compile-mappings.ts';
import type { NamedBatch } from '../model/batch.ts';
import type { CredentialName } from '../model/credential.ts';
import type { Account } from '../model/entity.ts';
import type { Field } from '../model/field.ts';
import type { FieldTypeName } from '../model/field-type.ts';
import type {
  DistributionMethodName,
  DistributionStep,
  FilterStep,
  FlowDocument,
  ListCheckName,
  RecipientStep,
  ReturnDecision,
  Source,
} from '../model/flow.ts';
import type { Money } from '../model/money.ts';
import type { LivePricingService } from '../model/pricing.ts';
import type { PricingProgram } from '../pricing/compile-pricing.ts';
import type { RuleProgram } from '../rules/compile-rule-set.ts';
import type { OpeningHours } from '../rules/hours-of-operation.ts';
import type { RuleCatalogue } from '../rules/rule-catalogue.ts';
import type { Template } from '../templates/compile-template.ts';
import type { Lookup } from '../variables/lookup.ts';
import type { PathSegment } from '../variables/property-path.ts';
import type { IsSecretName } from '../variables/secret-names.ts';

/** A flow document made ready to run: nothing is parsed per lead. Made at deploy, shared by all leads of a revision. */
export interface CompiledFlow {
  id: string;
  name: string;
  revision: number;
  account: Account;
  isEnabled: boolean;
  document: FlowDocument;
  fields: readonly CompiledField[];
  /** By the entity's id and by the source's own short id (decision 17). */
  sources: ReadonlyMap<string, CompiledSource>;
  listChecks: readonly CompiledListCheck[];
  caps: CapProgram;
  /** Asked before the source's (decision 2). */
  pricing: PricingProgram;
  /** The services that the flow and its sources name, by id; one that does not exist is not there. */
  pricingServices: ReadonlyMap<string, CompiledPricingService>;
  /** The ids of the batches that its steps fill; one that does not exist is not there. */
  batches: ReadonlySet<string>;
  hours: OpeningHours;
  criteria: CompiledCriteria | null;
  /** In order; in the place of a distribution its recipients. */
  steps: readonly CompiledStep[];
  /** Recipients of every lead that the steps let pass without an error (decision 35). */
  destinations: readonly CompiledRecipient[];
  pings: CompiledPings;
  /** What recipients may report about leads later, and what is relayed to the sources. */
  feedback: CompiledFeedback;
  /** Cap and ping limit id → generation as of the deploy (decision 10). */
  capGenerations: Readonly<Record<string, number>>;
  /** Every rule of the document; a stored trace names rules by their place in it. */
  catalogue: RuleCatalogue;
  /** Names of submitted parameters whose values are masked before anything is stored, in any wrapping (decision 0036). */
  isSecretField: IsSecretName;
  /** One of its fields is masked: what its senders send may be secret, whatever they call it. */
  hasMaskedFields: boolean;
}

/** What a flow does with pings (decision page 0074). */
export interface CompiledPings {
  /** The flow's `ping_enabled`. */
  isEnabled: boolean;
  /** How long the price of an accepted ping holds, ms. */
  lifeMs: number;
  /** Asked before the source's. */
  limits: readonly CompiledCap[];
  /** The recipients of the distribution whose bids price pings (decision page 0082); empty: none does. */
  bidders: readonly CompiledCandidate[];
}

export interface CompiledField {
  id: string;
  type: FieldTypeName | 'array';
  /** What is written in the place of the value; null: the value itself (decision 31). */
  mask: ((value: unknown) => unknown) | null;
  /** Finds the submitted value. */
  submitted: Lookup;
  /** Where it goes below `vars.lead`. */
  segments: readonly PathSegment[];
}

export interface CompiledSource {
  /** The source's short id in the flow. */
  id: string;
  entityId: string;
  name: string;
  isEnabled: boolean;
  isAuthenticationRequired: boolean;
  /** The one API key that may submit, which is then required (decision 56); null: every key whose scope fits. */
  credentialId: string | null;
  /** In lower case, as browsers send them; null: pages of every origin may send. */
  allowedOrigins: ReadonlySet<string> | null;
  /** Host names in lower case, `*.` before those that stand for all below them; null: visitors may be sent anywhere. */
  redirectHosts: readonly string[] | null;
  document: Source;
  module: InboundModule | null;
  mappings: MappingProgram;
  pricing: PricingProgram;
  caps: CapProgram;
  pingLimits: readonly CompiledCap[];
  /** Fields whose values may differ between a ping and its post although the sender sent the same. */
  unsteadyFields: ReadonlySet<string>;
  /** No cap of the flow or source depends on what list checks or pricing find: which of them match is known before. */
  areCapsKnownEarly: boolean;
  criteria: CompiledCriteria | null;
  deadlineMs: number | null;
  responseFields: readonly string[] | undefined;
  /** Names of parameters that a mapping reads for a masked field. */
  isSecretName: IsSecretName;
  /** Does the flow, or a mapping of the source, read this parameter? */
  isKnownName: (name: string) => boolean;
}

/** One value of a list check: a check that has several is several of these, next to each other. */
export interface CompiledListCheck {
  name: ListCheckName;
  /** Among the `values` of the check, from 0; null: it has one `value`. */
  place: number | null;
  /** What it is called where the value itself must not stand: `lead.email`. */
  valueName: string;
  value: Template;
  /** What the document calls the list. */
  listName: string;
  /** Of the list's entries (`LookedUpList.contentsId`). */
  listId: string;
  listType: ListForm;
  cutoffAt: Cutoff;
  hold: boolean;
}

/** Acceptance criteria: what is answered when the rules fail. */
export interface CompiledCriteria {
  rules: RuleProgram;
  outcome: 'success' | 'failure' | 'error';
  /** null: the failed rule's generated reason. */
  reason: Template | null;
}

export type CompiledStep = CompiledFilter | CompiledRecipient;

export interface CompiledFilter {
  kind: 'filter';
  id: string;
  /** Dotted, `steps.2`. */
  path: string;
  isEnabled: boolean;
  document: FilterStep;
  rules: RuleProgram;
  outcome: Template;
  reason: Template;
}

export interface CompiledRecipient {
  kind: 'recipient';
  id: string;
  /** Dotted, `steps.2` or `steps.2.recipients.0`; of a destination `destinations.0`. */
  path: string;
  isEnabled: boolean;
  document: RecipientStep;
  entityId: string;
  entityName: string;
  /** The name appended data sits under. */
  key: string;
  module: OutboundModule | null;
  rules: RuleProgram;
  mappings: MappingProgram;
  /** Top-level names of the variables that mappings write below: copied before they are written. */
  mappedRoots: readonly string[];
  /** The module's declared variables that have a type, to parse before the module sees them. */
  typedVariables: readonly { lookup: Lookup; segments: readonly PathSegment[]; type: FieldTypeName }[];
  /** The declared types of what the module appends. */
  appendedTypes: ReadonlyMap<string, FieldTypeName>;
  caps: CapProgram;
  pricing: PricingProgram;
  isStrictStatus: boolean;
  /** The stored credential it authenticates with; null: it names none. */
  credential: CompiledCredential | null;
  /** Indexes of its mappings that read the credential. */
  credentialMappings: ReadonlySet<number>;
  /** Indexes of its mappings that read a masked field. */
  secretMappings: ReadonlySet<number>;
  /** false: the values of masked fields are asterisks for it, wherever they are. */
  seesSecrets: boolean;
  /** Its place among the recipients of a distribution; null: it is a step of its own, or a destination. */
  candidacy: Candidacy | null;
}

/** A credential by its id alone: its secrets are read when a request is built, as they are then. */
export interface CompiledCredential {
  id: string;
  /** null: there is none with this id. */
  known: CredentialName | null;
}

/** A recipient of a distribution. */
export interface CompiledCandidate extends CompiledRecipient {
  candidacy: Candidacy;
}

export interface Candidacy {
  /** The same object for all recipients of the step. */
  distribution: CompiledDistribution;
  hours: OpeningHours;
  /** By what the method goes by: its weight, its percentage, or 1. */
  weight: number;
  priority: number;
  tier: number;
  isExclusive: boolean;
  /**
   * Which turns it takes: those of the candidates that are offered a lead together, with their weights. Turns start
   * again when one of these changes.
   */
  turns: string;
  /** What asks it for its bid: its own step with another integration; null: its price rules are its bid. */
  bid: CompiledRecipient | null;
}

/** A distribution step. Its recipients are steps of the flow, one behind the other. */
export interface CompiledDistribution {
  id: string;
  /** Dotted, `steps.2`. */
  path: string;
  /** Below `distribution` in variables. */
  key: string;
  isEnabled: boolean;
  document: DistributionStep;
  method: DistributionMethodName;
  /** Recipients that may accept one lead. */
  maxSales: number;
  auction: CompiledAuction;
}

/** What `highest_bid` goes by (decision page 0080). */
export interface CompiledAuction {
  /** All bids of a tier together. */
  timeoutMs: number;
  minimumPrice: Money;
  /** What a sale must leave above the cost of the lead; null: anything. */
  margin: CompiledMargin | null;
  pricesPings: boolean;
}

/** Both: the larger one of them counts. */
export interface CompiledMargin {
  amount: Money;
  /** Of the sale price, of 100. */
  percent: number;
}

/** Only what the document switches on. */
export interface CompiledFeedback {
  /** By the id of the step. */
  recipients: ReadonlyMap<string, { returns: CompiledReturns | null; conversions: CompiledConversions | null }>;
  /** By the id of the source's entity. */
  relays: ReadonlyMap<string, CompiledRelay>;
}

export interface CompiledConversions {
  /** All of them must pass. */
  rules: readonly RuleProgram[];
}

export interface CompiledReturns extends CompiledConversions {
  /** The instant that a lead must not be older than, of now; null: leads of any age. */
  oldestAt: Cutoff | null;
  /** As they are written; null: any, or none. */
  reasons: readonly string[] | null;
  /** null: accepted at once. */
  approval: { deadlineFrom: (instant: number) => number; default: ReturnDecision } | null;
  refundsCost: boolean;
}

/** How feedback is relayed to a source. */
export interface CompiledRelay {
  rules: RuleProgram;
  /** The source as what is delivered to. */
  step: CompiledRecipient;
}

/** A pricing service with its variables ready to be looked up. */
export interface CompiledPricingService {
  live: LivePricingService;
  variables: readonly { path: string; lookup: Lookup; isSecret: boolean }[];
}

/** A destination of the account as it is now. */
export interface LiveDestination {
  instanceId: string;
  name: string;
  actions: readonly { name: string; action_id: string; webhook_url: string }[];
  /** null: its key cannot be read; every delivery to it is then a skip that says so. */
  secret: string | null;
}

/** What a compile needs to know beside the document. */
export interface FlowContext {
  account: Account;
  revision: number;
  /** Also a deleted one, which a flow that runs goes on with. */
  fieldOf(fieldId: string): Field | undefined;
  isDeletedField(fieldId: string): boolean;
  /** Of all fields of the account that are masked. */
  maskedFieldIds: readonly string[];
  capGenerations: Readonly<Record<string, number>>;
  /** By url name; a list that is missing is made at deploy. */
  lists: ReadonlyMap<string, LookedUpList>;
  /** By instance id. */
  destinations: ReadonlyMap<string, LiveDestination>;
  /** By id. */
  pricingServices: ReadonlyMap<string, LivePricingService>;
  /** By id, without their secrets. */
  credentials: ReadonlyMap<string, CredentialName>;
  /** By id. */
  batches: ReadonlyMap<string, NamedBatch>;
}
