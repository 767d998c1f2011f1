import type { OutboundResponse } from '../../contract.ts';
import type { AnswerDocument } from './answer-document.ts';
import { formDocument } from './form-document.ts';
import { htmlDocument } from './html-document.ts';
import { jsonDocument } from './json-document.ts';
import { textDocument } from './text-document.ts';
import { xmlDocument } from './xml-document.ts';

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
export function readAnswerDocument(response: OutboundResponse, typeOverride: string): AnswerDocument {
  const declared = response.headers['Content-Type'];
  const type = typeOverride.trim() === '' && typeof declared === 'string' ? declared : typeOverride;
  const essence = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
  return READERS.get(essence)?.(response.body) ?? textDocument(response.body);
}
