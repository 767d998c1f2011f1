import type { ListType } from '../../api/library.ts';

export const TYPES: Readonly<Record<ListType, string>> = {
  md5: 'Texts and MD5s',
  text: 'Texts',
  phone: 'Phones',
  email: 'E-mail addresses',
  postal_code: 'Postal codes',
  contact: 'Phones and e-mail addresses',
};

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `30 days`, in the largest unit that leaves no rest; `Never` for entries that stay. */
export function describeTtl(seconds: number | null): string {
  if (seconds === null) return 'Never';
  const [unit, size] = UNITS.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${new Intl.NumberFormat('en-US').format(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** Values as a person pastes them: one a line, or with commas or | between. */
export function splitValues(text: string): string[] {
  return text
    .split(/[\n,|]/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
