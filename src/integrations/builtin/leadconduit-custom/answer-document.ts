import type { OutboundResponse } from '../../contract.ts';
import { formDocument } from './form-document.ts';
import { htmlDocument } from './html-document.ts';
import { jsonDocument } from './json-document.ts';
import { textDocument } from './text-document.ts';
import { xmlDocument } from './xml-document.ts';

/** A recipient's answer, whatever notation it is in (spec modules c3). No method throws. */
export interface AnswerDocument {
  /** What is appended as it is; {} for text and HTML, of which only captures are appended. */
  appended: Record<string, unknown>;
  /** The values a search for the outcome looks at. */
  searchedAt(path: string): readonly unknown[];
  /** All matches of a reason or price selector. */
  select(selector: string): readonly unknown[];
  /** What is appended as `reference`; undefined, '' or an empty list when there is none. */
  reference(selector: string): unknown;
  /** May `capture.*` patterns pick from the body? */
  isCaptured: boolean;
}

type Reader = (body: string) => AnswerDocument | undefined;

/** undefined from a reader: the body is not what it claims to be and is read as text. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['application/json', jsonDocument],
  ['application/xml', xmlDocument],
  ['text/xml', xmlDocument],
  ['text/html', htmlDocument],
  ['application/x-www-form-urlencoded', formDocument],
]);

/** Reads an answer by its Content-Type or the one the step says instead; anything unknown is plain text. */
export function answerDocument(response: OutboundResponse, typeOverride: string): AnswerDocument {
  const declared = response.headers['Content-Type'];
  const type = typeOverride.trim() === '' && typeof declared === 'string' ? declared : typeOverride;
  const essence = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
  return READERS.get(essence)?.(response.body) ?? textDocument(response.body);
}
