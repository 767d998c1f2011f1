/** What a night deleted of leads. */
export interface LeadsSwept {
  /** Dropped as a whole. */
  partitions: number;
  /** Leads without their personal part from now on, beside those. */
  personal: number;
  /** Leads that are gone, beside those. */
  leads: number;
}

/** What is done to tables besides the work they are for: rows made ahead, and rows that go. All are bounded by a batch. */
export interface TableKeeper {
  /** Makes the partitions of the days ahead; returns the names of those that could not be made yet. */
  makePartitions(): Promise<string[]>;
  /** Leads outside the partitions. */
  countStrays(): Promise<number>;
  /** Counters of windows that ended long ago. */
  sweepCapWindows(): Promise<number>;
  /** Alerts of caps whose window ended long ago. */
  sweepCapAlerts(): Promise<number>;
  /** Rows for webhooks that are deleted. */
  sweepOutbox(): Promise<number>;
  /** Turns of distributions that no lead has used for long. */
  sweepTurns(): Promise<number>;
  /** Pings past their time; returns how many partitions of them went. */
  sweepPings(): Promise<number>;
  /** Files of batches past their time, with their rows; rows that no delivery came of. */
  sweepBatches(): Promise<number>;
  /** Exports past their time, with their files and downloads; returns how many. */
  sweepExports(): Promise<number>;
  /** Places of leads that were given back, once no retry of the lead is left to take them again. */
  sweepLeadHolds(): Promise<number>;
  /** Retries that have ended, past the retention of their account. */
  sweepRetries(): Promise<number>;
  /** Unknown deliveries that were resolved, past the retention of their account. */
  sweepUnknowns(): Promise<number>;
  /** Feedback that is decided, past the retention of its account, once its lead is gone: until then it stays returned. */
  sweepFeedback(): Promise<number>;
  /** Leads past the periods of their account, and what was deleted of them. */
  sweepLeads(): Promise<LeadsSwept>;
  /** Revisions of flows that were replaced long ago, whose leads are gone. */
  sweepRevisions(): Promise<number>;
  /** What the activity log has no longer. */
  sweepActivity(): Promise<number>;
  /** Sessions that have ended: after so long without use, or so long after the sign-in. */
  sweepSessions(bounds: { idleMs: number; ageMs: number }): Promise<number>;
  /** API keys that expired or were revoked so many days ago; what they were stays taken. */
  sweepApiKeys(bounds: { daysKept: number }): Promise<number>;
  /** What keys asked for so many days ago. */
  sweepKeyRequests(bounds: { daysKept: number }): Promise<number>;
  /** Invitations and welcome links that have expired. */
  sweepInvitations(): Promise<number>;
  /** Jobs that ended long ago, with all they left. */
  sweepJobs(): Promise<number>;
  /** Artefacts past their time. */
  sweepArtefacts(): Promise<number>;
  /** Entries that no list has any more; what was added to them too late goes to the list's new ones. */
  sweepListRemains(): Promise<number>;
  /** Entries that the TTL of their list has ended. */
  sweepListEntries(): Promise<number>;
  /** Counts the entries of lists that are too large to be counted whenever they are read; returns how many lists. */
  countLists(): Promise<number>;
  /** Files of jobs that have ended, or that no job came of. */
  sweepJobFiles(): Promise<number>;
  /** Frees work that a process which is gone had taken from the queue; returns how many processes were. */
  freeWork(): Promise<number>;
  /** Fails jobs that the queue has given up; returns how many. */
  failAbandoned(): Promise<number>;
}
