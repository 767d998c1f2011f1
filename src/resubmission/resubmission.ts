/** Failed leads sent through their flow again, as new leads. */

export interface ResubmissionKey {
  accountId: string;
  leadId: string;
}

/** One time that a lead was sent again. */
export interface SentAgain {
  asLeadId: string;
  /** false: the new lead is on its way, or its end is not known yet. */
  hasEnded: boolean;
}

/** What is known of a lead beside its record. */
export interface Standing {
  /** The last time; null: it was not sent again. */
  last: SentAgain | null;
  /** By the named call that asks; null: not by it, or it has no name. */
  byCall: SentAgain | null;
  /**
   * What keeps it, or a lead that it was sent as, from having an end: it is under way, a delivery may have arrived, or
   * one is still tried again.
   */
  open: 'running' | 'unknown' | 'retry' | null;
}

/** A request that its caller named, so that it can be sent twice. */
export interface NamedCall {
  accountId: string;
  callId: string;
  /** What is asked for, as text: the name stands for this alone. */
  request: string;
}

export type FoundCall = { kind: 'none' } | { kind: 'same'; leadIds: string[] } | { kind: 'other' };

export interface ResubmissionStore {
  standingOf(key: ResubmissionKey & { callId: string | null }): Promise<Standing>;
  /**
   * Notes that a lead is about to be sent again as `asLeadId`. `taken`: it was before and `isAgain` was not said, it is
   * on its way, or this call has sent it.
   */
  claim(
    request: ResubmissionKey & { asLeadId: string; callId: string | null; isAgain: boolean; now: number },
  ): Promise<'claimed' | 'taken'>;
  /** The new lead has ended. */
  end(request: ResubmissionKey & { asLeadId: string; now: number }): Promise<void>;
  /** The new lead was not taken: the claim goes. */
  giveBack(request: ResubmissionKey & { asLeadId: string }): Promise<void>;
  /** Looks after claims whose process stopped: those whose lead has ended have ended, those that left nothing go. */
  tidy(request: { accountId: string; now: number }): Promise<void>;
  findCall(call: NamedCall): Promise<FoundCall>;
  /** Does nothing when the call is known already. */
  keepCall(call: NamedCall & { leadIds: readonly string[]; now: number }): Promise<void>;
}
