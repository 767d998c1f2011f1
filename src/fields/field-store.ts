import type { Field } from '../model/field.ts';

/** Custom fields of an account. Standard ones are built in and never stored. */
export interface FieldStore {
  /** Fields that are not deleted, by id. */
  list(accountId: string): Promise<Field[]>;
  find(key: { accountId: string; fieldId: string }): Promise<Field | null>;
  /** Makes a field, or brings back a deleted one with this definition; null: the id is taken. */
  insert(request: { accountId: string; field: Field; now: number }): Promise<Field | null>;
  update(request: { accountId: string; field: Field; now: number }): Promise<Field | null>;
  /**
   * Deletes a field and answers it as it was. One that a flow names is only hidden, so that flows run on as if it
   * existed (spec behaviour 1). null: no such field.
   */
  remove(request: {
    accountId: string;
    fieldId: string;
    now: number;
  }): Promise<{ field: Field; isUsed: boolean } | null>;
}
