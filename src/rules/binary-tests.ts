import { fail, ok, type Result } from '../lib/result.ts';
import { normalOf, textOf } from '../variables/rich-value.ts';
import { readBounds, readTypedBounds } from './bounds.ts';
import { compilePattern } from './compile-pattern.ts';
import { foldedText, isBlank } from './operand.ts';
import { parseList } from './parse-list.ts';
import { readInstant, readNumber, SCALES } from './scales.ts';

/** Does the left side pass? Called for blank left sides too. */
export type LeftTest = (left: unknown) => boolean;

/** Reads a right side once, so that a constant one costs nothing per lead; the error is a predicate with the remedy. */
export type PrepareRight = (right: unknown) => Result<LeftTest, string>;

/**
 * The binary operators that are not negations (spec behaviour 5.2). Each reads its right side and gives the test of
 * left sides; a blank left side fails all of them (decision 19).
 */
export const prepareEqual: PrepareRight = (right) => {
  const equalsOne = Array.isArray(right) ? undefined : equalTo(right);
  const members = sortedMembers(Array.isArray(right) ? right : parseList(textOf(right)));
  return ok((left) => {
    if (isBlank(left)) return false;
    if (!Array.isArray(left)) return equalsOne?.(left) ?? isSameList(sortedMembers([left]), members);
    if (left.length === 1 && equalsOne?.(left[0])) return true;
    return isSameList(sortedMembers(left), members);
  });
};

/** In questions a list on the left also equals a value that one of its members equals (spec behaviour 5.2, reports). */
export const prepareEqualsMember: PrepareRight = (right) => {
  const prepared = prepareEqual(right);
  if (!prepared.ok || Array.isArray(right)) return prepared;
  const equalsOne = equalTo(right);
  const isMember: LeftTest = (left) => !isBlank(left) && equalsOne(left);
  return ok((left) => prepared.value(left) || (Array.isArray(left) && left.some(isMember)));
};

export const prepareLess = comparison((left, right) => left < right);
export const prepareLessOrEqual = comparison((left, right) => left <= right);
export const prepareGreater = comparison((left, right) => left > right);
export const prepareGreaterOrEqual = comparison((left, right) => left >= right);

/** Both ends inside (spec behaviour 5.2); a range on the left counts by its average. */
export const prepareBetween: PrepareRight = (right) => {
  const bounds = readBounds(right);
  if (bounds.every((each) => each === undefined)) {
    return fail('must be a range: write its two ends with a dash between them, for example 18-65 or 0830-1645.');
  }
  if (bounds.every((each) => each === undefined || each.low > each.high)) {
    return fail(
      'is a range that ends before it begins: write the lower end first; for a range over midnight use two rules.',
    );
  }
  return ok((left) =>
    SCALES.some((scale, index) => {
      const range = bounds[index];
      const position = range === undefined ? undefined : scale(left);
      return range !== undefined && position !== undefined && position >= range.low && position <= range.high;
    }),
  );
};

/** A list on the left is included when all its members are (assumed). */
export const prepareIncludedIn: PrepareRight = (right) => {
  const members = listMembers(right);
  if (members.length === 0)
    return fail('must be a list: write its values with commas between them, for example TX,CA.');
  const texts = new Set(members.map(foldedText));
  const numbers = new Set(members.map(readNumber));
  const instants = new Set(members.map(readInstant));
  const includes: LeftTest = (left) => {
    if (isBlank(left)) return false;
    if (left instanceof Date && instants.has(readInstant(left) ?? Number.NaN)) return true;
    const normal = normalOf(left);
    return typeof normal === 'number' ? numbers.has(normal) : texts.has(foldedText(left));
  };
  return ok((left) => (Array.isArray(left) ? left.length > 0 && left.every(includes) : includes(left)));
};

/** A list on the left has the value as a member, a text has it inside; a list on the right needs all its values. */
export const prepareIncludes: PrepareRight = (right) => {
  const wanted = (Array.isArray(right) ? right : [right]).map(foldedText).filter((text) => text !== '');
  if (wanted.length === 0) return fail('must be the value to look for.');
  return ok((left) => {
    if (!Array.isArray(left)) {
      const text = foldedText(left);
      return wanted.every((value) => text.includes(value));
    }
    const members = new Set(left.map(foldedText));
    return wanted.every((value) => members.has(value));
  });
};

/** A list on the left matches when one of its members does. */
export const prepareMatches: PrepareRight = (right) => {
  const pattern = normalOf(right);
  if (typeof pattern !== 'string' || isBlank(pattern))
    return fail('must be a pattern, for example ^7\\d{4}$ or *@example.com.');
  const compiled = compilePattern(pattern.trim());
  if (!compiled.ok) return fail(`cannot run: ${compiled.error.message} (at character ${compiled.error.position + 1})`);
  const matches = compiled.value;
  const matchesOne: LeftTest = (left) => !isBlank(left) && matches(textOf(left));
  return ok((left) => (Array.isArray(left) ? left.some(matchesOne) : matchesOne(left)));
};

/** Compares on the first scale where both sides have a position; where there is none, it fails. */
function comparison(holds: (left: number, right: number) => boolean): PrepareRight {
  return (right) => {
    const positions = SCALES.map((scale) => scale(right));
    if (positions.every((position) => position === undefined)) {
      return fail('must be a number or a date: write it with digits, for example 18 or 2026-01-31.');
    }
    return ok((left) => {
      for (const [index, scale] of SCALES.entries()) {
        const position = positions[index];
        const leftPosition = position === undefined ? undefined : scale(left);
        if (position !== undefined && leftPosition !== undefined) return holds(leftPosition, position);
      }
      return false;
    });
  };
}

/**
 * Equality with one value: typed numbers by number, dates by instant, typed ranges also by their ends, everything else
 * by text without case. Texts are not compared as numbers: the ZIP code 01234 is not 1234.
 */
function equalTo(right: unknown): LeftTest {
  const text = foldedText(right);
  const number = readNumber(right);
  const instant = readInstant(right);
  const [bounds] = readBounds(right);
  const isTypedNumber = typeof normalOf(right) === 'number';
  return (left) => {
    if (left instanceof Date && instant !== undefined) return readInstant(left) === instant;
    const leftBounds = bounds === undefined ? undefined : readTypedBounds(left);
    if (leftBounds !== undefined && leftBounds.low === bounds?.low && leftBounds.high === bounds.high) return true;
    if (leftBounds === undefined && number !== undefined && (isTypedNumber || typeof normalOf(left) === 'number')) {
      return readNumber(left) === number;
    }
    return text !== '' && foldedText(left) === text;
  };
}

function listMembers(right: unknown): unknown[] {
  const written: unknown[] = Array.isArray(right) ? right.flat() : parseList(textOf(right));
  return written.filter((member) => !isBlank(member));
}

function sortedMembers(values: readonly unknown[]): string[] {
  return values.map(foldedText).sort();
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((member, index) => member === right[index]);
}
