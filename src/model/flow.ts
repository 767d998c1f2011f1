import type { Cap, PingLimit } from './cap.ts';
import type { Integration } from './mapping.ts';
import type { Pricing, PricingServiceConfiguration } from './pricing.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * The Flow document as the API spells it (seeds 003 and 004). Names are the wire's. `errors`, `created_at` and
 * `updated_at` are read-only and live beside the document, not in it.
 */
export interface FlowDocument {
  id?: string;
  name: string;
  enabled: boolean;
  /** Field ids; a lead keeps only these. */
  fields: string[];
  sources: Source[];
  steps: Step[];
  caps?: Cap[] | null;
  acceptance_criteria?: AcceptanceCriteria | null;
  /** Decision 12. */
  hours_of_operation?: HoursOfOperation | null;
  pricing?: Pricing | null;
  pricing_service?: PricingServiceConfiguration | null;
  list_checks?: ListChecks | null;
  destinations?: Destination[] | null;
  ping_enabled?: boolean;
  ping_limits?: PingLimit[] | null;
  /** How long the price of a ping holds; absent: `PING_LIFE_SECONDS_DEFAULT`. */
  ping_life_seconds?: number | null;
  firehose?: Record<string, unknown> | null;
  level?: string;
}

export interface EntityReference {
  id?: string;
  name?: string;
  time_zone?: string | null;
}

export interface Source {
  id?: string;
  integration: Integration;
  entity: EntityReference;
  acceptance_criteria?: AcceptanceCriteria | null;
  feedback?: SourceFeedback | null;
  caps?: Cap[] | null;
  ping_limits?: PingLimit[] | null;
  credential_id?: string | null;
  pricing?: Pricing | null;
  pricing_service?: PricingServiceConfiguration | null;
  /** Absent means true. */
  enabled?: boolean;
  /** Absent means false. */
  authentication_required?: boolean;
  /** Origins whose pages may send here; absent means all. */
  allowed_origins?: string[] | null;
  /** Hosts a `redir_url` may lead to; absent means every host. */
  redirect_hosts?: string[] | null;
  /** Seconds the whole lead may take (decision 23); absent means no bound of its own. */
  deadline_seconds?: number | null;
  /** Variable paths the answer carries; absent means the module's own list (spec modules b). */
  response_fields?: string[] | null;
}

export interface AcceptanceCriteria {
  rule_set: RuleSet;
  /** `failure` when absent. */
  outcome?: string;
  /** A template; absent: the first failed rule's generated reason. */
  reason?: string;
}

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

export interface HoursOfOperation {
  enabled?: boolean;
  time_zone?: string | null;
  /** Open periods `{start: "08:30", end: "17:00"}` per day; a day without entries is closed. */
  days?: Partial<Record<Weekday, { start: string; end: string }[]>>;
}

export type Step = FilterStep | RecipientStep | DistributionStep;

interface StepBase {
  id?: string;
  description?: string;
  notes?: string;
  /** Absent means true. */
  enabled?: boolean;
}

/** Stops the flow when its rules match (decision 6). */
export interface FilterStep extends StepBase {
  type: 'filter';
  /** `failure` when absent; may be a template that copies an earlier step's outcome. */
  outcome?: string;
  reason?: string;
  rule_set: RuleSet;
}

export interface RecipientStep extends StepBase, Delivery {
  type: 'recipient';
}

/** What a delivery to a recipient is made of. */
interface Delivery {
  entity: EntityReference;
  integration: Integration;
  /** Step criteria: not met, the step is a `skip`. */
  rule_set?: RuleSet | null;
  caps?: Cap[] | null;
  pricing?: Pricing | null;
  feedback?: RecipientFeedback | null;
  retry_enabled?: boolean;
  idempotent?: boolean;
  /** A stored credential; the module’s own property of this name comes after it. */
  credential_id?: string | null;
  /** Decision 22. */
  strict_status?: boolean;
  /** The name appended data sits under; absent: the recipient's name in snake case. */
  key?: string;
}

/** How a distribution chooses among its recipients (decision page 0075). */
export const DISTRIBUTION_METHODS = [
  'waterfall',
  'priority',
  'round_robin',
  'weighted',
  'percentage',
  'send_all',
  'highest_bid',
] as const;
export type DistributionMethodName = (typeof DISTRIBUTION_METHODS)[number];

/** Offers the lead to several recipients until it is sold often enough (decision page 0075). */
export interface DistributionStep extends StepBase {
  type: 'distribution';
  name?: string;
  method: DistributionMethodName;
  recipients: Candidate[];
  /** Recipients that may accept a lead. Absent: 1; with `send_all` all of them. */
  max_sales?: number;
  /** Below `distribution.` in variables; absent: the name in snake case, else `main`. */
  key?: string;
  /** `highest_bid`: ms that all bids of a tier may take together; absent: `BID_TIMEOUT_MS_DEFAULT`. */
  bid_timeout_ms?: number;
  /** `highest_bid`: dollars; a lower bid does not get the lead. Absent: each above 0 does. */
  minimum_price?: number;
  /** `highest_bid`: what a sale must leave above the lead's cost; absent: anything. */
  margin_floor?: Margin | null;
  /** `highest_bid`: buyers are asked during pings, and the best bid less the margin is the price of the ping. */
  bids_price_pings?: boolean;
}

/** Either of them: dollars, or a part of the sale price, of 100. */
export interface Margin {
  amount?: number;
  percent?: number;
}

/** One of the recipients of a distribution: a recipient step, and its place among the others. */
export interface Candidate extends StepBase, Delivery {
  /** Of a recipient step that was moved here; it says nothing new. */
  type?: 'recipient';
  /** When it is offered leads; absent: always. */
  hours_of_operation?: HoursOfOperation | null;
  /** Its part in relation to the others; absent: 1. */
  weight?: number;
  /** Its part of the sales, of 100. */
  percentage?: number;
  /** Higher ones are offered the lead first; absent: 0. */
  priority?: number;
  /** Lower ones are offered the lead first; absent: 1. */
  tier?: number;
  /** When it accepts, no other recipient gets the lead; it is offered before the shared ones of its tier. */
  exclusive?: boolean;
  /** `highest_bid`: the question for its bid; absent: its price rules are a standing bid. */
  bid?: Integration | null;
}

export const FEEDBACK_TYPES = ['return', 'conversion'] as const;
export type FeedbackType = (typeof FEEDBACK_TYPES)[number];

/** How feedback that was accepted is relayed to the source (spec api 3.3). */
export interface SourceFeedback {
  /** An outbound module and its mappings; absent: nothing is relayed. */
  integration?: Integration | null;
  /** Which feedback; the variables `feedback.*` are there. */
  rule_set?: RuleSet | null;
}

/** What a recipient may say of a lead later (decision page 0077). Absent: nothing. */
export interface RecipientFeedback {
  returns?: ReturnSettings | null;
  conversions?: ConversionSettings | null;
  /** Of both types. */
  rule_set?: RuleSet | null;
  integration?: unknown;
}

export interface ConversionSettings {
  /** Absent means false. */
  enabled?: boolean;
  rule_set?: RuleSet | null;
}

export interface ReturnSettings extends ConversionSettings {
  /** Of the lead; absent: no maximum. */
  maximum_age?: Span | null;
  /** The reasons a return may have; absent: any, or none. */
  reasons?: string[] | null;
  /** Absent: a return that passes is accepted at once. */
  approval?: Approval | null;
  /** Does an accepted return take back what the lead cost where the source is not asked? Absent means false. */
  refund_cost?: boolean;
}

export interface Approval {
  /** After which `default` decides. */
  deadline: Span;
  default: ReturnDecision;
}

export const RETURN_DECISIONS = ['accept', 'decline'] as const;
export type ReturnDecision = (typeof RETURN_DECISIONS)[number];

export interface Span {
  value: number;
  interval: LookbackInterval;
}

export const LIST_CHECK_NAMES = ['duplicate', 'existing_customer', 'dnc'] as const;
export type ListCheckName = (typeof LIST_CHECK_NAMES)[number];

export const LOOKBACK_INTERVALS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type LookbackInterval = (typeof LOOKBACK_INTERVALS)[number];

/** Values of one check, so that a lead asks a bounded number of rows. */
export const LIST_CHECK_VALUES_MAX = 10;

export interface ListCheck {
  /** A template. Instead of it: `values`. */
  value?: string | null;
  /** Templates, any of which may match (decision 51); one with a list of its own is looked up there. */
  values?: (string | ListValue)[] | null;
  /** Needed unless each of `values` has a list of its own. */
  list_name?: string | null;
  /** null or absent: for ever. */
  lookback?: { value: number; interval: LookbackInterval } | null;
  /** `duplicate` only: false means look but do not enter (decision 5). */
  add?: boolean;
}

export interface ListValue {
  /** A template. */
  value: string;
  list_name?: string | null;
}

export type ListChecks = Partial<Record<ListCheckName, ListCheck | null>>;

export interface Destination {
  name?: string;
  integration_name?: string;
  integration_icon_url?: string;
  instance_id?: string;
  actions?: { name?: string; action_id?: string; webhook_url?: string }[];
  flow_usages?: unknown;
}
