import type { SourcePlace } from '../../api/posting-links.ts';

/** Where leads of a source are sent. */
export function buildSubmitUrl({ flowId, sourceId }: SourcePlace): string {
  return `${window.location.origin}/flows/${flowId}/sources/${sourceId}/submit`;
}
