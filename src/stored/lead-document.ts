import type { RecordedRequest, RecordedResponse, Transaction } from '../model/event.ts';
import type { Money } from '../model/money.ts';
import type { PriceVerdict } from '../pricing/compile-pricing.ts';
import { storableJson } from './storable.ts';
import { assertKnownVersion } from './version.ts';

/** Written in `lead_data.document`, by part 0 and by each later part. */
export const LEAD_DOCUMENT_VERSION = 1;

/**
 * The personal part of a lead as it is stored: one JSON document that holds each thing once. An event's full `vars` is
 * rebuilt from it when it is read (ARCHITECTURE.md, "Schema"). Version 0 has the same members without `version`.
 */
export interface LeadDocument {
  vars: StoredVars;
  request: RecordedRequest;
  response: RecordedResponse | null;
  /** Every rule that was evaluated, in order; the flow revision's catalogue knows the rules. */
  findings: RuleFinding[];
  lists: {
    check: string;
    /** Of the value among the `values` of the check, from 0. Absent: the check has one `value`. */
    place?: number;
    list_id: string;
    found: boolean;
    because?: string;
    added_at?: number | null;
    /** The lead that held the value. */
    held_by?: string;
    /** It had ended, and a delivery of it was tried again. */
    is_retried?: boolean;
  }[];
  cap: CapRefusal | null;
  price: {
    offered: number;
    winner: PriceVerdict['winner'];
    also_matched: readonly string[];
    /** What the pricing service said of its price. */
    reason?: string;
  };
  /** What distributions came to; absent: none ended. */
  distributions?: DistributionDocument[];
  /** By the event's place among the lead's events. */
  steps: Record<string, StepDocument>;
}

export interface DistributionDocument {
  /** The place among the lead's events from which on the variables are there. */
  seq: number;
  /** Below `distribution` in variables. */
  key: string;
  vars: Record<string, unknown>;
  /** What recipients said of their bids themselves, by the id of their step; absent: none said anything. */
  bid_reasons?: Record<string, string>;
}

export interface StoredVars {
  /** Each value with `normal`, `raw`, `valid` and its components. */
  lead: Record<string, unknown>;
  submission: { timestamp: string; ip: string };
  random: unknown;
  suppressionlist?: unknown;
}

/** One delivery; of an attempt after the lead's end it is a part of its own. */
export interface StepDocument {
  key: string;
  appended: Record<string, unknown> | null;
  /** Indexes of the step's mappings that applied. */
  mappings: number[];
  cap: CapRefusal | null;
  transactions: Transaction[];
  /** Of an event of feedback: what the recipient said. */
  feedback?: StoredFeedback;
}

export interface StoredFeedback {
  /** ISO 8601. */
  timestamp: string;
  type: string;
  reason: string | null;
}

/**
 * One evaluated rule: its place in the flow's catalogue, both sides as resolved, the verdict. An array, not an object:
 * one is stored for every rule of every lead.
 */
export type RuleFinding = [ruleIndex: number, left: unknown, right: unknown, passed: 0 | 1];

/** The first cap that had no place left, or not enough money: then all of it is in ten-thousandths of a dollar. */
export interface CapRefusal {
  capId: string;
  /** Of a revenue cap, what the lead or the delivery would have taken; absent: the cap counts leads. */
  amount?: Money | undefined;
  count: number;
  held: number;
  maximum: number;
}

/** As read. Empty: the lead was interrupted before anything was decided, or the database refused its data. */
export type KnownOfLead = Readonly<Partial<LeadDocument>>;

/** The document of a lead of which nothing may or can be kept. */
export const EMPTY_LEAD_DOCUMENT = JSON.stringify({ version: LEAD_DOCUMENT_VERSION });

/** What no longer changes once the steps begin, as JSON members: made once, however many intents follow. */
export function writeDocumentBeginning({ vars, request }: Pick<LeadDocument, 'vars' | 'request'>): string {
  return `"version":${LEAD_DOCUMENT_VERSION},"vars":${JSON.stringify(vars)},"request":${JSON.stringify(request)}`;
}

/** The whole document as JSON text that the database stores. */
export function writeLeadDocument(beginning: string, rest: Omit<LeadDocument, 'vars' | 'request'>): string {
  return storableJson(`{${beginning},${JSON.stringify(rest).slice(1)}`);
}

/** A document that was read, with one more delivery. */
export function writeWithStep(document: KnownOfLead, { seq, step }: { seq: number; step: StepDocument }): string {
  return writeAgain({ ...document, steps: { ...document.steps, [seq]: step } });
}

/** A document that was read. */
export function writeAgain(document: KnownOfLead): string {
  return JSON.stringify({ ...document, version: LEAD_DOCUMENT_VERSION });
}

/** Of parsed JSON. Throws on an unknown version. */
export function parseLeadDocument(json: unknown): KnownOfLead {
  assertKnownVersion(json, { what: 'The document of a lead', newest: LEAD_DOCUMENT_VERSION });
  return json as KnownOfLead; // written by the functions above alone
}

/** The document of an attempt: what a later part of `lead_data` holds. */
export function writeStepDocument(step: StepDocument): string {
  return JSON.stringify({ version: LEAD_DOCUMENT_VERSION, ...step });
}

/** Of parsed JSON. Throws on an unknown version. */
export function parseStepDocument(json: unknown): StepDocument {
  assertKnownVersion(json, { what: 'The document of an attempt', newest: LEAD_DOCUMENT_VERSION });
  return json as StepDocument; // written by writeStepDocument alone
}

/** A delivery whose answer never came, because its server process was gone. */
export function buildInterruptedStep(intent: { key: string; request: RecordedRequest }): StepDocument {
  const transaction = { request: intent.request, response: null, ms: 0, error: 'interrupted' };
  return { key: intent.key, appended: null, mappings: [], cap: null, transactions: [transaction] };
}
