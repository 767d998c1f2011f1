export type Shown = { kind: 'value'; text: string } | { kind: 'hidden' | 'empty'; text: '' };

/** As the server writes what it does not tell. */
const HIDDEN = '(hidden)';

/** A value with parts is what it was read as; a list its members. */
export function showValue(value: unknown): Shown {
  const text = textOf(value);
  if (text === HIDDEN) return { kind: 'hidden', text: '' };
  return text === '' ? { kind: 'empty', text: '' } : { kind: 'value', text };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value !== 'object') return String(value);
  if ('normal' in value) return textOf(value.normal ?? ('raw' in value ? value.raw : ''));
  return JSON.stringify(value);
}
