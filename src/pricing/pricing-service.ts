/** How long a pricing service may take at most, ms; the deadline of the source may leave less. */
export const PRICE_TIMEOUT_MS = 2_000;

/** An external service that is asked what a lead costs (decision page 0072). Wire names, as the API spells them. */
export interface PricingService {
  id: string;
  name: string;
  url: string;
  /** Paths of the variables it is sent. */
  variables: string[];
  /** The credential it is asked with; null: the signature alone. */
  credential_id: string | null;
  created_at: string;
  updated_at: string;
}

export interface PricingServiceKey {
  accountId: string;
  serviceId: string;
}

/** What the caller of the API gives. */
export interface PricingServiceDefinition {
  name: string;
  url: string;
  variables: string[];
  credential_id: string | null;
}

/** `used`: a flow names it, as saved or as it runs. */
export type PricingServiceRemoval =
  | { kind: 'done'; service: PricingService }
  | { kind: 'missing' }
  | { kind: 'used'; flows: { id: string; name: string }[] };

/** Pricing services of the accounts. */
export interface PricingServiceStore {
  /** By name. */
  list(accountId: string): Promise<PricingService[]>;
  find(key: PricingServiceKey): Promise<PricingService | null>;
  insert(
    key: PricingServiceKey,
    made: { definition: PricingServiceDefinition; secret: string; now: number },
  ): Promise<PricingService>;
  /** null: there is none. */
  replace(
    key: PricingServiceKey,
    made: { definition: PricingServiceDefinition; now: number },
  ): Promise<PricingService | null>;
  /** null: there is none. */
  writeSecret(key: PricingServiceKey, made: { secret: string; now: number }): Promise<PricingService | null>;
  remove(key: PricingServiceKey): Promise<PricingServiceRemoval>;
  /** The flows that name it, as saved or as they run. */
  listUses(key: PricingServiceKey): Promise<{ id: string; name: string }[]>;
}
