import { dollars, isPriceGiven, moneyFrom } from '../../../model/money.ts';
import type { Vars } from '../../../model/vars.ts';
import { flatten } from '../../../variables/flatten.ts';
import { isPlainObject, isRichValue, normalOf, textOf } from '../../../variables/rich-value.ts';
import { unflatten } from '../../../variables/unflatten.ts';
import type { AnswerReading, OutboundResponse } from '../../contract.ts';
import { APPENDED_DEPTH_MAX } from '../../formats/appended-copy.ts';
import type { AnswerDocument } from './answer-document.ts';
import { readAnswerDocument } from './read-answer-document.ts';
import { searchPattern } from './search-pattern.ts';

/**
 * What an answer to a custom delivery means (spec modules c3): everything it carried, then `outcome` and `price`, which
 * always overwrite, and `reason`, `cookie` and `reference` where there are some. A status of 5xx is an error and
 * nothing else; every other status is read alike (decision 22).
 */
export function customResponse(
  vars: Vars,
  response: OutboundResponse,
  reading: AnswerReading = UNHEARD,
): Record<string, unknown> {
  if (response.status >= 500 && response.status < 600) return { outcome: 'error', reason: 'Server error' };
  const typeOverride = textOf(vars['response_content_type_override']);
  const document = readAnswerDocument(response, { typeOverride, isStrict: reading.isStrict });
  const event = { ...document.appended, ...readCaptures(vars, document) };
  event['outcome'] = decideOutcome(vars, { document, body: response.body });
  event['price'] = findPrice(vars, document);
  setIfFound(event, 'reason', findReason(vars, document));
  setIfFound(event, 'cookie', findCookie(vars, response));
  setIfFound(event, 'reference', findReference(vars, document));
  if (reading !== UNHEARD)
    for (const sentence of listWarnings(vars, { document, body: response.body, event })) reading.warn(sentence);
  return event;
}

const UNHEARD: AnswerReading = { isStrict: false, warn: () => undefined };

interface Answer {
  document: AnswerDocument;
  body: string;
}

const OPPOSITES: ReadonlyMap<string, string> = new Map([
  ['success', 'failure'],
  ['failure', 'success'],
  ['error', 'success'],
]);

/** By the search term (spec modules c3, 3). */
export function decideOutcome(vars: Vars, answer: Answer): string {
  const term = textOf(vars['outcome_search_term']);
  const onMatch = textOf(vars['outcome_on_match']).trim().toLowerCase();
  if (term === '' && onMatch === '') return 'success';
  const outcome = OPPOSITES.has(onMatch) ? onMatch : 'success';
  const pattern = searchPattern(term);
  const isFound = searchedTexts(vars, answer).some((text) => pattern.isFoundIn(text));
  return isFound ? outcome : (OPPOSITES.get(outcome) ?? 'failure');
}

/** Trimmed, lower-cased and never blank: an empty answer matches nothing. */
function searchedTexts(vars: Vars, { document, body }: Answer): string[] {
  const path = textOf(vars['outcome_search_path']);
  const searched = path.trim() === '' ? [body] : document.searchedAt(path);
  return searched.map((value) => foundText(value).trim().toLowerCase()).filter((text) => text !== '');
}

/** All reasons found, sorted so that the same reasons always read the same. */
export function findReason(vars: Vars, document: AnswerDocument): string | undefined {
  const found = selectAll(document, vars['reason_path']).map((value) => foundText(value).trim());
  const reasons = found.filter((text) => text !== '').sort();
  return reasons.length > 0 ? reasons.join(', ') : nonBlank(textOf(vars['default_reason']).trim());
}

/** The first price found as text, as it stands; a JSON 0 counts as missing, as measured. */
export function findPrice(vars: Vars, document: AnswerDocument): unknown {
  const [found] = selectAll(document, vars['price_path']);
  if (found) return foundText(found);
  return fallbackPrice(vars['fallback_price']) ?? 0;
}

/** As written, by the reader of money: the number type would read `12,50` as 1250. undefined: none that can be read. */
function fallbackPrice(value: unknown): unknown {
  const fallback = normalOf(value);
  const raw = isRichValue(value) ? value.raw : undefined;
  if (typeof raw !== 'string') return fallback && !Number.isNaN(fallback) ? fallback : undefined;
  const amount = moneyFrom(raw);
  return amount === undefined ? undefined : dollars(amount);
}

function findReference(vars: Vars, document: AnswerDocument): unknown {
  const selector = textOf(vars['reference_path']).trim();
  const found = selector === '' ? undefined : document.reference(selector);
  return Array.isArray(found) && found.length === 0 ? undefined : found || undefined;
}

/** The first matching header in alphabetical order, upper case first. */
function findCookie(vars: Vars, response: OutboundResponse): string | undefined {
  if ((vars['cookie_search_term'] ?? null) === null) return undefined;
  const pattern = searchPattern(textOf(vars['cookie_search_term']));
  const cookies = [response.headers['Set-Cookie'] ?? []].flat().sort();
  return cookies.find((cookie) => pattern.isFoundIn(cookie.toLowerCase()));
}

function readCaptures(vars: Vars, { captured }: AnswerDocument): Vars {
  if (captured === undefined || !isPlainObject(vars['capture'])) return {};
  const captures = Object.entries(flatten(vars['capture'])).map(([name, pattern]): [string, unknown] => [
    name,
    searchPattern(textOf(pattern)).firstGroupIn(captured),
  ]);
  return unflatten(Object.fromEntries(captures.filter(([, text]) => text !== undefined)));
}

/** What of the answer could not be read, and which settings found nothing in it. Values are never repeated. */
function* listWarnings(vars: Vars, { document, body, event }: Answer & { event: Vars }): Generator<string> {
  const isSearched = isSet(vars['outcome_search_term']) || isSet(vars['outcome_on_match']);
  const hint = document.hint === undefined ? '' : ` ${document.hint}`;
  if (document.fault !== undefined) yield document.fault;
  if (body.includes('\ufffd')) yield 'The answer has bytes that are invalid in its charset.';
  if (body.trim() === '') {
    if (isSearched) yield 'The answer is empty, so the search for its outcome found nothing.';
    return;
  }
  const searchPath = textOf(vars['outcome_search_path']).trim();
  if (isSearched && searchPath !== '' && document.ignoresPath) {
    yield 'The answer is plain text, so outcome_search_path had no effect: all of it was searched.';
  }
  if (isSearched && searchPath !== '' && searchedTexts(vars, { document, body }).length === 0) {
    yield `The answer has nothing at outcome_search_path.${hint}`;
  }
  if (event['outcome'] !== 'success' && isMissing('reason_path', 'default_reason'))
    yield `The answer has nothing at reason_path.${hint}`;
  if (event['outcome'] === 'success' && isMissing('price_path', 'fallback_price'))
    yield `The answer has nothing at price_path.${hint}`;
  if (isSet(vars['reference_path']) && event['outcome'] === 'success' && findReference(vars, document) === undefined) {
    yield `The answer has nothing at reference_path.${hint}`;
  }
  if (
    isPriceGiven(vars['fallback_price']) &&
    fallbackPrice(vars['fallback_price']) === undefined &&
    !isZero(vars['fallback_price'])
  ) {
    yield 'The fallback_price is not an amount of US dollars, so it is 0.';
  }

  /** A step that says what to take instead expects it. */
  function isMissing(name: string, instead: string): boolean {
    return isSet(vars[name]) && !isSet(vars[instead]) && selectAll(document, vars[name]).length === 0;
  }
}

function isSet(value: unknown): boolean {
  return textOf(value).trim() !== '';
}

function isZero(value: unknown): boolean {
  return moneyFrom(normalOf(value)) === 0;
}

function selectAll(document: AnswerDocument, selector: unknown): readonly unknown[] {
  const text = textOf(selector).trim();
  return text === '' ? [] : document.select(text);
}

/** JavaScript's own text of a found value, as measured; null, missing and too deeply nested ones are blank. */
function foundText(value: unknown, depth = 0): string {
  if (value === null || value === undefined || depth > APPENDED_DEPTH_MAX) return '';
  if (Array.isArray(value)) return value.map((member) => foundText(member, depth + 1)).join(',');
  return isPlainObject(value) ? '[object Object]' : String(value);
}

function setIfFound(event: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) event[name] = value;
}

function nonBlank(text: string): string | undefined {
  return text === '' ? undefined : text;
}
