import type { Actor } from '../access/principal.ts';
import type { Result } from '../lib/result.ts';
import type { LeadOutcome } from '../model/outcome.ts';

/** Of one flow. */
export const TEST_LEADS_MAX = 100;
export const TEST_LEAD_NAME_CHARACTERS_MAX = 200;
/** Of the body of a request, and so of what is stored. */
export const TEST_LEAD_BYTES_MAX = 64 * 1024;

/** What is expected of a test lead; what is absent may be anything. */
export interface Expected {
  outcome: LeadOutcome;
  reason?: string | undefined;
  /** Dollars. */
  price?: number | undefined;
}

/** What is sealed of a test lead: people type real values, too. */
export interface TestLeadContent {
  values: Record<string, unknown>;
  /** When it is submitted, as it was given; null: when it is run. */
  now: string | null;
  /** Members of an evaluation: what lists, caps, recipients and pricing services answer. */
  assume: Record<string, unknown>;
  expected: Expected;
}

/** What a test lead is saved from. */
export interface TestLeadDefinition {
  name: string;
  /** Of the source’s entity, or the source’s own. */
  sourceId: string;
  content: TestLeadContent;
}

/** A lead that people made up for a flow, with what they expect of it (decision page 0108). */
export interface TestLead extends Omit<TestLeadDefinition, 'content'> {
  id: string;
  /** null: no key opens it any more. */
  content: TestLeadContent | null;
  by: Actor;
  /** Epoch ms. */
  updatedAt: number;
}

export interface TestLeadKey {
  accountId: string;
  flowId: string;
  id: string;
}

interface Saving {
  definition: TestLeadDefinition;
  by: Actor;
  /** Epoch ms. */
  now: number;
}

export interface TestLeadStore {
  /** By name. */
  list(place: Omit<TestLeadKey, 'id'>): Promise<TestLead[]>;
  insert(key: TestLeadKey, saving: Saving): Promise<Result<TestLead, 'unknown-flow' | 'too-many'>>;
  /** null: there is none of this id. */
  replace(key: TestLeadKey, saving: Saving): Promise<TestLead | null>;
  remove(key: TestLeadKey, given: { now: number }): Promise<TestLead | null>;
}
