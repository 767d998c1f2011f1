import { redactSecrets } from '../access/redact-secrets.ts';
import { describeChange } from './describe-change.ts';
import { type DocumentChange, diffDocuments } from './diff-documents.ts';

/** What tells nothing of what somebody changed: ids that are given, and instants. */
const IGNORED = ['revision', 'created_at', 'updated_at', 'errors', 'warnings'];
/** Sentences of one answer; the JSON of the changes has more. */
const SENTENCES_MAX = 100;

export interface DescribedChanges {
  changes: readonly DocumentChange[];
  /** Changes that are not listed, because there are too many. */
  more: number;
  sentences: string[];
}

/** What differs between two states of a document, without secrets; null: there was none, or there is none any more. */
export function describeChanges(before: unknown, after: unknown): DescribedChanges {
  const states = { before: redactSecrets(before), after: redactSecrets(after) };
  if (before === null || after === null) return { changes: [], more: 0, sentences: [] };
  const { changes, more } = diffDocuments(states.before, states.after, IGNORED);
  const sentences = changes.slice(0, SENTENCES_MAX).map((change) => describeChange(change, states));
  const unsaid = changes.length + more - sentences.length;
  return { changes, more, sentences: unsaid > 0 ? [...sentences, `And ${unsaid} more changes`] : sentences };
}
