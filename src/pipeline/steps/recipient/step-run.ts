import type { CompiledCap } from '../../../caps/compile-caps.ts';
import type { OpenedCredential } from '../../../credentials/open-credential.ts';
import type { CompiledRecipient } from '../../../flow-compiler/compiled-flow.ts';
import type { DeliveryResult, OutboundRequest } from '../../../integrations/contract.ts';
import type { Transaction } from '../../../model/event.ts';
import { type Money, NO_MONEY } from '../../../model/money.ts';
import type { StepOutcome } from '../../../model/outcome.ts';
import type { Vars } from '../../../model/vars.ts';
import type { InnerLeadFacts, OfferFacts } from '../../../stored/event-facts.ts';
import type { NamedLead } from '../../../stored/intent-state.ts';
import type { CapRefusal } from '../../../stored/lead-document.ts';
import { eventIdOf } from '../../lead-run.ts';
import type { PhaseDeps } from '../../phase.ts';
import type { RunOf } from '../../phase-access.ts';

/** The one mutable record of a recipient step; the comment of each field names the stage that writes it. */
export interface StepRun {
  readonly run: RunOf<'steps'>;
  readonly step: CompiledRecipient;
  readonly deps: PhaseDeps;
  readonly eventId: string;
  readonly startedAt: number;
  /** Which offer of a distribution it is; null: none. */
  readonly offer: OfferFacts | null;
  /** At which price it is sold, whatever its answer says; null: its pricing decides. */
  readonly sale: AgreedSale | null;
  /** credential; http, when it was renewed: what the step authenticates with. */
  credential: OpenedCredential | null;
  /** http: the module renewed something of it. */
  isCredentialUpdated: boolean;
  /** outbound-mapping, type-parsing: what the module sees; private to the step. */
  moduleVars: Vars;
  appliedMappings: number[];
  /** step-caps: the caps of the step that match; its claim takes a place in each. */
  askedCaps: readonly CompiledCap[];
  /** step-caps: what the delivery is sold for as far as that is known before it; its revenue caps hold it. */
  expectedPrice: Money;
  /** step-caps, http: the first of them that had no room. */
  capRefusal: CapRefusal | null;
  /** http */
  request: OutboundRequest | null;
  result: DeliveryResult | null;
  /** What a `handle` module made of its exchanges. */
  handled: Record<string, unknown> | null;
  transactions: Transaction[];
  waitMs: number;
  isUnknown: boolean;
  /** http: the lead of another flow that the delivery makes, if that is in this installation. */
  innerLead: NamedLead | null;
  /** http: that lead where it was taken, or may have been. */
  innerLeadFacts: InnerLeadFacts | null;
  /** response */
  answer: Record<string, unknown> | null;
  salePrice: Money;
  /** response: what of the answer, or of a setting, had no effect; sentences without values. */
  warnings: string[];
  /** The stage that ends the step, else response. */
  outcome: StepOutcome;
  reason: string | null;
  /** append */
  appended: Record<string, unknown> | null;
}

/** A sale at a bid. */
export interface AgreedSale {
  amount: Money;
  /** What the buyer called its bid; null: nothing. */
  bidId: string | null;
}

/** What a stage decided: go on, or go straight to `append` with this outcome; or the lead cannot be taken at all. */
export type StageVerdict =
  | { kind: 'next' }
  | { kind: 'end'; outcome: StepOutcome; reason: string }
  /** The lead decides again: what this step wanted to send is not sent. */
  | { kind: 'again' }
  | { kind: 'unavailable'; reason: string };

export const NEXT: StageVerdict = Object.freeze({ kind: 'next' });

export const STEP_AGAIN: StageVerdict = Object.freeze({ kind: 'again' });

export function end(outcome: StepOutcome, reason: string): StageVerdict {
  return { kind: 'end', outcome, reason };
}

export function startStepRun(
  run: RunOf<'steps'>,
  at: { step: CompiledRecipient; deps: PhaseDeps; offer?: OfferFacts; sale?: AgreedSale },
): StepRun {
  return {
    run,
    step: at.step,
    deps: at.deps,
    eventId: run.attempt?.eventId ?? eventIdOf(run, at.step.id, at.deps.ids),
    startedAt: at.deps.clock.now(),
    offer: at.offer ?? null,
    sale: at.sale ?? null,
    credential: null,
    isCredentialUpdated: false,
    moduleVars: {},
    appliedMappings: [],
    askedCaps: [],
    expectedPrice: NO_MONEY,
    capRefusal: null,
    request: null,
    result: null,
    handled: null,
    transactions: [],
    waitMs: 0,
    isUnknown: false,
    innerLead: null,
    innerLeadFacts: null,
    answer: null,
    salePrice: NO_MONEY,
    warnings: [],
    outcome: 'error',
    reason: null,
    appended: null,
  };
}
