import { parsePath } from '../variables/property-path.ts';

/** What a generated reason calls the left side of a rule. */
export type LabelOf = (variablePath: string) => string;

/**
 * The default label of a variable path (decision 18): the name of the field for what lies under `lead`, and the
 * words of the path with capitals for components and everything else.
 * `lead.phone_1.area` → `Phone 1 Area`, `submission.timestamp` → `Submission Timestamp`.
 */
export function labelOfPath(path: string, fieldNameOf: (fieldId: string) => string | undefined): string {
  const parsed = parsePath(path);
  if (!parsed.ok) return path;
  const segments = parsed.value.map(String);
  if (segments[0] !== 'lead' || segments.length === 1) return words(segments);
  const names = segments.slice(1);
  // Field ids have dots of their own (`mortgage.loan.amount`): the longest one that is a field wins over its groups.
  for (let length = names.length; length > 0; length -= 1) {
    const name = fieldNameOf(names.slice(0, length).join('.'));
    if (name !== undefined) return [name, words(names.slice(length))].filter((part) => part !== '').join(' ');
  }
  return words(names);
}

function words(segments: readonly string[]): string {
  return segments
    .flatMap((segment) => segment.split(/[_\s]+/))
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
