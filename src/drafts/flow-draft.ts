import type { Actor } from '../access/principal.ts';
import type { JsonObject } from '../flows/flow-json.ts';
import type {
  DeployPlan,
  DeployRefusal,
  DeployState,
  FlowRecord,
  Revision,
  StaleRevision,
} from '../flows/flow-store.ts';
import type { Result } from '../lib/result.ts';

/** Characters of a note on a revision. */
export const NOTE_CHARACTERS_MAX = 500;

/** What people are changing in a flow before they publish it (decision page 0108). */
export interface FlowDraft {
  flowId: string;
  /** Rises with every change. No version of a flow comes twice, so a stale one is always known as such. */
  version: number;
  /** The saved revision that the changes are made to. */
  baseRevision: number;
  /** As it was sent, perhaps unfinished; a mask stands for a connection string. */
  document: JsonObject;
  /** Who saved it last. */
  by: Actor;
  /** Epoch ms. */
  updatedAt: number;
}

export interface DraftKey {
  accountId: string;
  flowId: string;
}

/** The caller means another version of the draft than the one that is there. */
export interface StaleDraft {
  kind: 'stale-draft';
  /** null: the caller knows of no draft. */
  given: number | null;
  /** null: there is none, or none any more. */
  found: Pick<FlowDraft, 'version' | 'by' | 'updatedAt'> | null;
}

export type DraftRefusal = { kind: 'unknown-flow' } | StaleDraft;

/** A connection string that the draft has, and that no key opens any more. */
export interface LostSecret {
  kind: 'lost-secret';
}

export type PublishRefusal = DraftRefusal | StaleRevision | DeployRefusal | LostSecret;

export interface PublishRequest extends DraftKey {
  version: number;
  /** The saved revision that was looked through. */
  revision: number;
  note: string | null;
  /** Epoch ms. */
  now: number;
  /** What becomes the next revision. */
  next: Revision;
  /** Decides while the flow is locked, so it must not wait for anything. */
  plan(state: DeployState): Result<DeployPlan, DeployRefusal>;
}

/** A draft as a list has it. */
export type ListedDraft = Omit<FlowDraft, 'document'>;

export interface DraftStore {
  /** Of the account, as many as it has flows at most; those of flows that were removed are gone. */
  list(accountId: string): Promise<ListedDraft[]>;
  /** null: there is no draft. */
  find(key: DraftKey): Promise<FlowDraft | null>;
  /** Saves the next version; `version` is the one that the change was made to, null: there was no draft. */
  put(
    key: DraftKey,
    given: { version: number | null; baseRevision: number; document: JsonObject; by: Actor; now: number },
  ): Promise<Result<FlowDraft, DraftRefusal>>;
  /** Returns the draft that is gone. */
  discard(key: DraftKey, given: { version: number; now: number }): Promise<Result<FlowDraft, DraftRefusal>>;
  /** Saves and deploys in one transaction, and takes the draft away with it. */
  publish(request: PublishRequest): Promise<Result<FlowRecord, PublishRefusal>>;
}
