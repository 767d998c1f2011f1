/** Fields whose words find a lead; those of one line are a text of which phrases are found. */
export const WORD_FIELDS = [
  ['first_name', 'last_name'],
  ['address_1', 'city', 'state', 'postal_code'],
] as const;

/** Fields that are found by their whole value alone. */
export const EXACT_FIELDS = {
  email: ['email', 'work_email'],
  phone: ['phone_1', 'phone_2', 'phone_3'],
  id: [
    'reference',
    'prospect_id',
    'universal_leadid',
    'leadid_id',
    'mod_lead_id',
    'trustedform_cert_url',
    'facebook.leadgen_id',
    'google.clid',
  ],
} as const;

/** The values that a hit has, in the order of the answer. */
export const HIT_FIELDS = [
  'first_name',
  'last_name',
  'email',
  'phone_1',
  'phone_2',
  'address_1',
  'city',
  'state',
  'postal_code',
  'reference',
] as const;
export type HitField = (typeof HIT_FIELDS)[number];

/** Values of a lead as they are stored: `normalizeValue` made them. */
export type StoredLead = Readonly<Record<string, unknown>>;

/** The text of a stored value; `''`: there is none, or it is masked. */
export function readStoredText(lead: StoredLead, fieldId: string): string {
  const value = readStoredValue(lead, fieldId);
  const text = isRecord(value) ? value['normal'] : value;
  if (typeof text === 'number' || typeof text === 'boolean') return String(text);
  return typeof text === 'string' && !isMasked(value) ? text : '';
}

/** A component of a stored value. */
export function readStoredPart(lead: StoredLead, path: { fieldId: string; part: string }): unknown {
  const value = readStoredValue(lead, path.fieldId);
  return isRecord(value) && Object.hasOwn(value, path.part) ? value[path.part] : undefined;
}

function readStoredValue(lead: StoredLead, fieldId: string): unknown {
  const names = PATHS.get(fieldId);
  if (names === undefined) return Object.hasOwn(lead, fieldId) ? lead[fieldId] : undefined;
  let value: unknown = lead;
  for (const name of names) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** Of ids with dots: their values are nested. */
const PATHS: ReadonlyMap<string, readonly string[]> = new Map(
  EXACT_FIELDS.id.filter((fieldId) => fieldId.includes('.')).map((fieldId) => [fieldId, fieldId.split('.')]),
);

/** Masked values are stored as asterisks; what was scrubbed of another value has them inside. */
function isMasked(value: unknown): boolean {
  return isRecord(value) && value['masked'] === true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
