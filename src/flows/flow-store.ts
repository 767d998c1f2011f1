import type { Actor } from '../access/principal.ts';
import type { Result } from '../lib/result.ts';
import type { ListType } from '../lists/normalise-list-value.ts';
import type { Problem } from '../model/problem.ts';
import type { JsonObject } from './flow-json.ts';

/** A flow as it is stored: the latest saved revision, and which one runs. */
export interface FlowRecord {
  accountId: string;
  id: string;
  document: JsonObject;
  /** What keeps this revision from running, by path; null: nothing does. */
  errors: Record<string, string> | null;
  revision: number;
  /** null: never deployed. */
  deployedRevision: number | null;
  /** Epoch ms. */
  createdAt: number;
  updatedAt: number;
}

/** A new revision to be saved. */
export interface Revision {
  document: JsonObject;
  errors: Record<string, string> | null;
  /** What the person who saves it says about it. */
  note?: string | null;
}

export interface Draft {
  flowId: string;
  /** `create` needs an unused id, `replace` a flow that is there, `either` takes both. */
  mode: 'create' | 'replace' | 'either';
  /** The revisions the caller believes to be the saved one; each that is not refuses the draft. Not asked of a new flow. */
  expected: readonly number[];
  /** Makes the revision from the one it follows; runs while the flow is locked, so it must not wait for anything. */
  revise(previous: FlowRecord | null): Revision;
}

/** Why a draft was not saved, and with it none of its batch. */
export type SaveRefusal = ({ kind: 'id-taken' | 'not-found' } | StaleRevision) & {
  /** Which draft of the batch. */
  index: number;
};

/** The caller means a revision that is not the saved one (decision 50). */
export interface StaleRevision {
  kind: 'stale';
  given: number;
  saved: number;
}

/** The first of the revisions a caller believes to be the saved one that is not; undefined: all are. */
export function staleRevision(flow: { revision: number }, expected: readonly number[]): StaleRevision | undefined {
  const given = expected.find((revision) => revision !== flow.revision);
  return given === undefined ? undefined : { kind: 'stale', given, saved: flow.revision };
}

/** Why a flow was not deployed. */
export type DeployRefusal = StaleRevision | { kind: 'problems'; problems: Problem[] };

/** A cap whose count moves into the window it is lengthened to (decision 10). */
export interface CapCarry {
  /** `cap_windows.cap_id`. */
  counterId: string;
  /** Epoch ms. */
  fromStartsAt: number;
  toStartsAt: number;
  toEndsAt: number;
  generation: number;
}

/** A list that a list check names and that is made at deploy if it is missing. */
export interface NamedList {
  id: string;
  name: string;
  urlName: string;
  /** How its values are normalised before they are hashed (decision 4). */
  type: ListType;
}

export interface DeployPlan {
  capGenerations: Record<string, number>;
  carries: CapCarry[];
  /** Counters whose maximum or windows are others now: what a window of theirs had as its own maximum ends. */
  changedCounterIds: string[];
  lists: NamedList[];
}

/** What a deploy is decided from; the flow stays locked while it is. */
export interface DeployState {
  saved: FlowRecord;
  deployed: { document: JsonObject; capGenerations: Record<string, number> } | null;
  /** Caps and ping limits of the account's other deployed flows: cap id → name of the flow. */
  takenCapIds: ReadonlyMap<string, string>;
}

export interface DeployRequest {
  accountId: string;
  flowId: string;
  /** Epoch ms. */
  now: number;
  /** Decides while the flow is locked, so it must not wait for anything; what it returns instead of a plan refuses the deploy. */
  plan(state: DeployState): Result<DeployPlan, DeployRefusal>;
}

/** A saved revision without its document. */
export interface RevisionFacts {
  revision: number;
  /** Epoch ms. */
  savedAt: number;
  /** null: it was never deployed. */
  deployedAt: number | null;
  /** Who saved it; null: it is not known any more. */
  by: Actor | null;
  /** What they said about it; null: nothing. */
  note: string | null;
}

export interface FlowStore {
  /** The account's flows that are not deleted, oldest first. */
  list(accountId: string): Promise<FlowRecord[]>;
  find(key: { accountId: string; flowId: string }): Promise<FlowRecord | null>;
  /** A flow that is not deleted, by its id alone: URLs of sources carry no account. */
  findOfAnyAccount(flowId: string): Promise<FlowRecord | null>;
  readRevision(key: { accountId: string; flowId: string; revision: number }): Promise<JsonObject | null>;
  /** Newest first; `before`: only those with a smaller number, null: all. */
  listRevisions(request: {
    accountId: string;
    flowId: string;
    before: number | null;
    limit: number;
  }): Promise<RevisionFacts[]>;
  /** Saves all drafts in one transaction, or none. */
  save(request: {
    accountId: string;
    now: number;
    drafts: readonly Draft[];
  }): Promise<Result<FlowRecord[], SaveRefusal>>;
  /** Replaces the errors of a saved revision, after something it names was made or deleted. */
  writeErrors(request: {
    accountId: string;
    flowId: string;
    revision: number;
    errors: Record<string, string> | null;
  }): Promise<void>;
  /** Makes the saved revision the one that runs and notifies the nodes; null: no such flow. */
  deploy(request: DeployRequest): Promise<Result<FlowRecord, DeployRefusal> | null>;
  /** Marks the flow as deleted and notifies the nodes; returns it as it was, null: no such flow. */
  remove(request: {
    accountId: string;
    flowId: string;
    now: number;
    expected: readonly number[];
  }): Promise<Result<FlowRecord, StaleRevision> | null>;
}
