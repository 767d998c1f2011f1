import type { Actor } from '../access/principal.ts';
import type { Person } from '../keeping/person.ts';
import type { Effect, JobKey } from './job.ts';

/** Whom or what a hold, an erasure or an export is about: a person, or leads by their ids. */
export interface Subject {
  person: Person | null;
  leadIds: readonly string[];
}

/** A legal hold. Of a person neither the address nor the number is told again. */
export interface LegalHold {
  id: string;
  kind: 'leads' | 'email' | 'phone';
  note: string;
  createdBy: Actor;
  /** Epoch ms. */
  createdAt: number;
  /** Leads that it keeps now. */
  leads: number;
}

/** Holds of one account. */
export const HOLDS_MAX = 1_000;
/** Ids that one hold, erasure or export names. */
export const NAMED_LEADS_MAX = 1_000;

export interface HoldStore {
  list(accountId: string): Promise<LegalHold[]>;
  /** null: the account has as many as it may have. */
  create(hold: {
    accountId: string;
    id: string;
    subject: Subject;
    note: string;
    createdBy: Actor;
    now: number;
  }): Promise<LegalHold | null>;
  /** null: there is none. What it alone kept goes with the next night. */
  release(key: { accountId: string; id: string }): Promise<LegalHold | null>;
}

export interface PrivacyRequestStore {
  /** Keeps whom a job is about, encrypted, until it has ended. */
  keepSubject(
    key: JobKey,
    subject: Subject,
    asked: { action: 'preview' | 'erase' | 'export'; now: number },
  ): Promise<void>;
}

/** All that is stored of a lead, as it is looked through. */
export interface StoredLead {
  leadId: string;
  isHeld: boolean;
  /** An attempt of it is under way. */
  isUnderWay: boolean;
  /** Parsed documents and facts, and reasons. */
  parts: readonly unknown[];
}

/** Rows and files that went, by kind. */
export type ErasedCounts = Readonly<Record<string, number>>;

/** Leads of one step. */
export interface LeadsToErase {
  accountId: string;
  leadIds: readonly string[];
  /** Is taken out of reasons, too; null: leads are named. */
  person: Person | null;
}

export interface Receipt {
  id: string;
  /** JSON, byte by byte as it was signed. */
  statement: string;
  /** Base64. */
  signature: string;
}

export interface HoldPage {
  looked: number;
  found: number;
  /** To go on from. */
  after: string;
}

/** What the jobs of privacy work with. */
export interface PrivacyDeps {
  findSubject(key: JobKey): Promise<Subject | null>;
  /** Is anything under way that began before: leads, imports of files, counts? */
  isBusy(request: { accountId: string; before: number }): Promise<boolean>;
  /** Leads with ids after and below these, in order; of `leadIds` only these. */
  readPage(request: {
    accountId: string;
    after: string;
    below: string;
    leadIds: readonly string[];
  }): Promise<StoredLead[]>;
  /** Persons under a legal hold. */
  listHeldPersons(accountId: string): Promise<Person[]>;
  /** What would go; changes nothing. */
  count(request: LeadsToErase): Promise<ErasedCounts>;
  /** Deletes the personal part of leads, and all that is kept of it elsewhere. Held ones are left out. */
  erase(request: LeadsToErase): Effect<ErasedCounts>;
  /** Takes the person out of texts that belong to no lead, and deletes files that have it. */
  eraseElsewhere(request: {
    accountId: string;
    jobId: string;
    /** null: leads are named; only files that may have them go. */
    person: Person | null;
    /** The oldest lead that was erased; null: none was. */
    firstLeadId: string | null;
  }): Effect<ErasedCounts>;
  /** Signs what was done, keeps the receipt, and forgets whom the request was about. */
  close(request: JobKey & { statement: string | null; now: number }): Promise<Effect<Receipt | null>>;
  /** The keyed hash that a receipt names a person by. */
  hashPerson(accountId: string, person: Person): Promise<string>;
  /** Names of lists that have the person. */
  findLists(accountId: string, person: Person): Promise<string[]>;
  /** What is exported of the test leads that have the person, at most `limit`. */
  readTestLeads(request: { accountId: string; person: Person; limit: number }): Promise<Record<string, unknown>[]>;
  /** What is exported of a lead. */
  readLead(key: { accountId: string; leadId: string }): Promise<Record<string, unknown>>;
  /**
   * Looks through the next leads for a person under a hold: those behind `after`, or at first those that no search has seen. null:
   * all were looked through.
   */
  searchHold(key: JobKey, from: { after: string | null; now: number }): Promise<HoldPage | null>;
}
