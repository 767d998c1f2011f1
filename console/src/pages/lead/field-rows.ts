import type { Event } from '../../../../client/src/client.ts';

export interface FieldRow {
  name: string;
  /** As it came in. */
  sent: unknown;
  /** As its type reads it. */
  read: unknown;
  isValid: boolean;
  isMasked: boolean;
  /** Where recipients got it: the name there, with the recipient. */
  delivered: string[];
}

/** The values of a lead, each as it was sent, as it was read, and under which names recipients got it. */
export function listFields(values: unknown, events: readonly Event[]): FieldRow[] {
  if (typeof values !== 'object' || values === null) return [];
  const mapped = listMappings(events);
  return Object.entries(values)
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => ({ name, ...readingOf(value), delivered: mapped.flatMap((each) => whereOf(each, name)) }));
}

function readingOf(value: unknown): Omit<FieldRow, 'name' | 'delivered'> {
  if (typeof value !== 'object' || value === null || !('normal' in value))
    return { sent: value, read: value, isValid: true, isMasked: false };
  const { normal, raw, valid, masked } = value as Record<'normal' | 'raw' | 'valid' | 'masked', unknown>; // of `normal`'s owner
  return { sent: raw ?? normal, read: normal, isValid: valid !== false, isMasked: masked === true };
}

interface Mapped {
  recipient: string;
  property: string;
  value: string;
}

function listMappings(events: readonly Event[]): Mapped[] {
  return events
    .filter(({ type }) => type === 'recipient')
    .flatMap((event) => {
      const mappings = Array.isArray(event.mappings) ? event.mappings : [];
      return mappings.flatMap((mapping: unknown) => {
        if (typeof mapping !== 'object' || mapping === null || !('property' in mapping) || !('value' in mapping))
          return [];
        return [
          { recipient: recipientOf(event), property: String(mapping.property), value: JSON.stringify(mapping.value) },
        ];
      });
    });
}

export function recipientOf({ vars, key }: Event): string {
  const recipient = vars['recipient'];
  if (typeof recipient === 'object' && recipient !== null && 'name' in recipient) return String(recipient.name);
  return String(key ?? 'recipient');
}

function whereOf({ recipient, property, value }: Mapped, field: string): string[] {
  const escaped = field.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\blead\\.${escaped}(?![\\w-])`).test(value) ? [`${property} (${recipient})`] : [];
}
