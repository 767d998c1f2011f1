import type { FieldTypeName } from './field-type.ts';

/** A field of a lead: built in (standard) or made by the account (spec api 11.1). */
export interface Field {
  id: string;
  name: string;
  type: FieldTypeName | 'array';
  description?: string;
  standard?: boolean;
  aggregate?: boolean;
  deprecated?: boolean;
  see?: string;
  /** Custom fields only: masked before anything is written, like `ssn` (decision 31). */
  masked?: boolean;
  created_at?: string;
  updated_at?: string;
}
