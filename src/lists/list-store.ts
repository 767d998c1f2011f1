import type { ListType } from './normalise-list-value.ts';

/*
 * Lists and their entries (decision page 0069). Entries are keyed hashes: what is on a list can be asked value by value,
 * and never read back.
 */

export interface ListKey {
  accountId: string;
  listId: string;
}

/** What is said of a list; its type is settled when it is made, because its values are hashed by it. */
export interface ListDefinition {
  name: string;
  ttlSeconds: number | null;
}

export interface List extends ListDefinition {
  id: string;
  urlName: string;
  type: ListType;
  isMd5: boolean;
  /** See `LookedUpList`. */
  contentsId: string;
  /** Imports that were begun. */
  totalJobs: number;
  /** Epoch ms. */
  createdAt: number;
  updatedAt: number;
}

/** With the entries that count: exact while there are few, else as of the last count. */
export interface CountedList extends List {
  count: number;
}

/** Another list has the name, or had it first: addresses that name it stay its own. */
export interface NameTaken {
  kind: 'taken';
  /** Of the list that has it. */
  by: string;
}

export interface NewList extends ListDefinition, ListKey {
  urlName: string;
  type: ListType;
  isMd5: boolean;
  now: number;
}

/** `used`: the flows that check it, as saved or as they run. */
export type ListRefusal = { kind: 'missing' } | { kind: 'used'; flows: { id: string; name: string }[] };

export type ListRemoval = { kind: 'done'; list: CountedList } | ListRefusal;

/** Values of one list, as keyed hashes. */
export interface ValuesOfList extends ListKey {
  values: readonly Buffer[];
}

export interface ListStore {
  /** By name. */
  list(request: { accountId: string; now: number }): Promise<CountedList[]>;
  /** By ids or names of addresses, in their order; null: there is none. */
  resolve(request: { accountId: string; names: readonly string[] }): Promise<(List | null)[]>;
  count(key: ListKey & { now: number }): Promise<CountedList | null>;
  insert(list: NewList): Promise<{ kind: 'done'; list: CountedList } | NameTaken>;
  /** `used`: flows name it by the name it would lose. */
  update(
    key: ListKey,
    change: ListDefinition & { nameKey: string; now: number },
  ): Promise<{ kind: 'done'; list: CountedList } | NameTaken | ListRefusal>;
  /** The flows whose list checks name it, as saved or as they run. */
  listFlows(key: ListKey): Promise<{ id: string; name: string }[]>;
  /** Refused while a flow names it, as saved or as it runs. */
  remove(key: ListKey & { now: number }): Promise<ListRemoval>;

  /** When each value was added to its list last, epoch ms, if it counts; null: it is not on it. */
  look(request: {
    accountId: string;
    asked: readonly { list: List; value: Buffer }[];
    now: number;
  }): Promise<(number | null)[]>;
  /**
   * Enters values as added at an instant; those that are there are added again. `onlyNew`: those that count already stay
   * as they are. Returns for each value whether it was entered; null: the list is gone.
   */
  addEntries(request: ValuesOfList & { at: number; now: number; onlyNew: boolean }): Promise<boolean[] | null>;
  /** Returns for each value whether it was there. */
  removeEntries(request: ValuesOfList): Promise<boolean[]>;
}

/** Where values of an import go: to the entries of the list, or to those that are to replace them all. */
export interface ImportTarget extends ListKey {
  /** null: to those that count now. */
  contentsId: string | null;
}

/** What became of the values of one step of an import. */
export interface EnteredCounts {
  /** Not on the list before. */
  added: number;
  /** On the list before, and added again. */
  known: number;
  /** Earlier in the same file. */
  repeated: number;
}

/** The steps of an import, each to be done in the transaction of its job's progress (`Effect` of jobs). */
export interface ListImportStore {
  /** Notes that an import begins, and what it fills where it replaces all entries. */
  begin(request: ImportTarget & { now: number }): Promise<void>;
  find(key: ListKey): Promise<List | null>;
  /** null: the list is gone. */
  enter(
    request: ImportTarget & { values: readonly Buffer[]; at: number },
  ): (transaction: unknown) => Promise<EnteredCounts | null>;
  /**
   * Puts the new entries in the place of all others, for every lead at once; what was added to the others since the
   * import began is kept. false: the list is gone.
   */
  replaceAll(
    request: ListKey & { contentsId: string; since: number; now: number },
  ): (transaction: unknown) => Promise<boolean>;
  /** Counts the entries anew. */
  recount(key: ListKey & { now: number }): Promise<void>;
}
