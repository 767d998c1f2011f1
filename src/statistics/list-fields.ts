/** Values below values that are looked at; the field types nest far less. */
const DEPTH_MAX = 8;
/** No id of a field is longer. */
const NAME_CHARACTERS_MAX = 200;
/** Fields of one lead that are counted. */
const FIELDS_MAX = 500;

/**
 * The ids of the fields that a lead has a value of, from the lead as it is stored (`vars.lead`): a value lies under its
 * field's id, or below the groups that the id names. An empty text, list or object is no value. Names inside objects come from
 * senders, so the fold counts those that are fields of the account alone.
 */
export function listFields(lead: Readonly<Record<string, unknown>>): string[] {
  const fields: string[] = [];
  collect(lead, { prefix: '', depth: 0, fields });
  return fields;
}

function collect(
  values: Readonly<Record<string, unknown>>,
  { prefix, depth, fields }: { prefix: string; depth: number; fields: string[] },
): void {
  for (const name of Object.keys(values)) {
    if (fields.length >= FIELDS_MAX) return;
    // The lead's own id is no field.
    if (depth === 0 && name === 'id') continue;
    const value = values[name];
    if (isEmpty(value)) continue;
    const field = prefix + name;
    if (field.length > NAME_CHARACTERS_MAX || field.includes('\u0000')) continue;
    fields.push(field);
    if (isGroup(value) && depth < DEPTH_MAX) collect(value, { prefix: `${field}.`, depth: depth + 1, fields });
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** An object that is no value with components: those have a `normal` or a `raw`. */
function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('normal' in value || 'raw' in value);
}
