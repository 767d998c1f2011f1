import type { FieldTypeName } from '../model/field-type.ts';
import type { OperatorName } from '../model/operator.ts';

/** What reading a value may depend on beside the value; passed in so that a replay reads the same. */
export interface ParseContext {
  /** Epoch ms: ages, and texts such as `tomorrow`. */
  now: number;
  /** IANA name: where a date without a zone is local. */
  timeZone: string;
}

/** A named part of a value: `lead.phone_1.area`. */
export interface Component {
  name: string;
  type: FieldTypeName;
  description: string;
  /** Still set, no longer offered. */
  deprecated: boolean;
}

/** One data type: how it is read, what it offers to rules, what reports may keep of it (spec modules d, api 11.2). */
export interface FieldType {
  name: FieldTypeName;
  /** Values carry `masked: false` and are masked before anything is written (decision 31). */
  isMaskable: boolean;
  components: readonly Component[];
  /** Offered in the rule editor, each followed by its negation. */
  operators: readonly OperatorName[];
  /** The rich value of anything but null and undefined, which `parseValue` keeps. Never throws. */
  parse(value: unknown, ctx: ParseContext): unknown;
  /** What reporting keeps of a valid value in its JSON form; undefined: nothing. */
  aggregate(normalized: unknown): unknown;
  /** Texts that are read as valid. */
  examples: readonly string[];
}

/** What was submitted; nearly every type has it. */
export const rawComponent: Component = component('raw', 'string', 'The value as it was submitted');

export function component(name: string, type: FieldTypeName, description: string): Component {
  return { name, type, description, deprecated: false };
}
