import type { AnswerDocument } from './answer-document.ts';
import { objectDocument } from './json-document.ts';

/** A form-urlencoded answer as a flat object; a repeated name has a list. */
export function formDocument(body: string): AnswerDocument {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(body.trim())) {
    const earlier = fields.get(name);
    fields.set(name, earlier === undefined ? value : [earlier, value].flat());
  }
  return objectDocument(Object.fromEntries(fields));
}
