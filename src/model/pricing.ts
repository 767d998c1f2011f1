import type { RuleSet } from './rule-set.ts';

export interface Price {
  id?: unknown;
  /** Dollars. */
  amount: number;
  rule_set?: RuleSet | null;
}

/** `override: true` takes the submitted (or the recipient's) price, and `prices` must then be empty (decision 2). */
export interface Pricing {
  override?: boolean;
  prices?: Price[] | null;
  /** Dollars: the most that is booked of the price a recipient answers; only on a step with `override`. */
  maximum_price?: number | null;
}

export interface PricingServiceConfiguration {
  service_id?: string;
  fallback_price: number;
}

/** A pricing service of the account as it is now. */
export interface LivePricingService {
  id: string;
  name: string;
  url: string;
  /** Paths of the variables it is sent, as in `lead.state`. */
  variables: readonly string[];
  /** What it is asked with; null: the signature alone. */
  credentialId: string | null;
  /** null: its secret cannot be read; it is not asked then. */
  secret: string | null;
}
