import { textOf } from '../variables/rich-value.ts';

/** A right side longer than this is cut: a list of a thousand ZIP codes is no reason anybody reads. */
export const REASON_VALUE_CHARACTERS_MAX = 200;
/** The reason of an `or` is cut here; it may join ten thousand rules. */
export const REASON_CHARACTERS_MAX = 2_000;

/**
 * The reason a rule gives when it fails (decision 18): label, phrase of the operator, right side (undefined for a unary
 * operator). `State must be equal to TX`, `Email must not be blank`.
 */
export function writeReason({ label, phrase, right }: { label: string; phrase: string; right?: unknown }): string {
  const value = right === undefined ? '' : textOf(right).trim();
  return cut([label, phrase, cut(value, REASON_VALUE_CHARACTERS_MAX)].join(' ').trim(), REASON_CHARACTERS_MAX);
}

/** The reason of an `or` of which every branch failed. */
export function joinReasons(reasons: readonly string[]): string {
  return cut(reasons.join(' or '), REASON_CHARACTERS_MAX);
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;
}
