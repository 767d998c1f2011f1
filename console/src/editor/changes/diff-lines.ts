/** One line of two texts side by side; null: this side has no line there. */
export interface LinePair {
  left: { number: number; text: string } | null;
  right: { number: number; text: string } | null;
}

/** Equal lines that are left out between two differences. */
export interface LineGap {
  equal: number;
}

/** Lines around a difference that are shown with it. */
const CONTEXT_LINES = 3;
/**
 * Differences that are followed exactly: the cost is the square of their number. Texts that differ in more are shown as one block
 * that went and one that came.
 */
const EDITS_MAX = 1_500;

/** Both texts line by line, with what is equal far from any difference left out. Empty: there is no difference. */
export function diffLines(before: string, after: string): (LinePair | LineGap)[] {
  const pairs = alignLines(before.split('\n'), after.split('\n'));
  const near = new Set<number>();
  for (const [index, pair] of pairs.entries()) {
    if (isEqual(pair)) continue;
    for (let each = index - CONTEXT_LINES; each <= index + CONTEXT_LINES; each += 1) near.add(each);
  }
  const shown: (LinePair | LineGap)[] = [];
  let equal = 0;
  for (const [index, pair] of pairs.entries()) {
    if (!near.has(index)) {
      equal += 1;
      continue;
    }
    if (equal > 0) shown.push({ equal });
    equal = 0;
    shown.push(pair);
  }
  if (shown.length > 0 && equal > 0) shown.push({ equal });
  return shown;
}

function isEqual({ left, right }: LinePair): boolean {
  return left?.text === right?.text;
}

/** Every line of both texts once: equal ones beside each other, and what was replaced beside what replaced it. */
export function alignLines(before: readonly string[], after: readonly string[]): LinePair[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const endMax = Math.min(before.length, after.length) - start;
  while (end < endMax && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const common = findCommonLines(before.slice(start, before.length - end), after.slice(start, after.length - end));
  const pairs: LinePair[] = [];
  let [from, to] = [0, 0];
  const addUntil = (left: number, right: number) => {
    while (from < left || to < right) {
      pairs.push({
        left: from < left ? { number: from + 1, text: before[from] ?? '' } : null,
        right: to < right ? { number: to + 1, text: after[to] ?? '' } : null,
      });
      if (from < left) from += 1;
      if (to < right) to += 1;
    }
  };
  for (let each = 0; each < start; each += 1) addUntil(each + 1, each + 1);
  for (const [left, right] of common) {
    addUntil(start + left, start + right);
    addUntil(start + left + 1, start + right + 1);
  }
  addUntil(before.length - end, after.length - end);
  for (let each = end; each > 0; each -= 1) addUntil(before.length - each + 1, after.length - each + 1);
  return pairs;
}

/** Places of equal lines in the order of both: Myers, "An O(ND) Difference Algorithm" (1986). None beyond the bound. */
function findCommonLines(before: readonly string[], after: readonly string[]): [number, number][] {
  if (before.length === 0 || after.length === 0) return [];
  const offset = EDITS_MAX + 1;
  const reached = new Int32Array(2 * offset + 1);
  const steps: Int32Array[] = [];
  for (let edits = 0; edits <= EDITS_MAX; edits += 1) {
    steps.push(reached.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown =
        diagonal === -edits ||
        (diagonal !== edits && (reached[offset + diagonal - 1] ?? 0) < (reached[offset + diagonal + 1] ?? 0));
      let left = isDown ? (reached[offset + diagonal + 1] ?? 0) : (reached[offset + diagonal - 1] ?? 0) + 1;
      while (left < before.length && left - diagonal < after.length && before[left] === after[left - diagonal])
        left += 1;
      reached[offset + diagonal] = left;
      if (left >= before.length && left - diagonal >= after.length) return traceBack(steps, { before, after });
    }
  }
  return [];
}

function traceBack(
  steps: readonly Int32Array[],
  { before, after }: { before: readonly string[]; after: readonly string[] },
): [number, number][] {
  const common: [number, number][] = [];
  let [left, right] = [before.length, after.length];
  for (let edits = steps.length - 1; edits >= 0; edits -= 1) {
    const at = (diagonal: number) => steps[edits]?.[diagonal + edits + 1] ?? 0;
    const diagonal = left - right;
    const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const from = isDown ? diagonal + 1 : diagonal - 1;
    const previousLeft = edits === 0 ? 0 : at(from);
    const previousRight = edits === 0 ? 0 : previousLeft - from;
    while (left > previousLeft && right > previousRight) {
      left -= 1;
      right -= 1;
      common.push([left, right]);
    }
    [left, right] = [previousLeft, previousRight];
  }
  return common.reverse();
}
