import type { Parsed } from '../../editor/sentence/parse-amount.ts';

/** As `THRESHOLDS_MAX` of the server. */
const THRESHOLDS_MAX = 5;

/** Percentages as they were typed, `80` or `80 %`, in order and each once. */
export function parseThresholds(texts: readonly string[]): Parsed<number[]> {
  const values = texts.map((text) => (/^\s*\d{1,3}\s*%?\s*$/.test(text) ? Number.parseInt(text, 10) : Number.NaN));
  const wrong = texts.find((_, index) => !((values[index] ?? Number.NaN) >= 1 && (values[index] ?? Number.NaN) <= 100));
  if (wrong !== undefined) return { ok: false, fault: `"${wrong}" is no whole number from 1 to 100.` };
  const sorted = [...new Set(values)].sort((one, other) => one - other);
  if (sorted.length === 0 || sorted.length > THRESHOLDS_MAX)
    return { ok: false, fault: `Write 1 to ${THRESHOLDS_MAX} percentages.` };
  return { ok: true, value: sorted };
}
