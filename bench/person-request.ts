/**
 * Prebuilt submissions: the text of the request is made once, and each request only overwrites the digits that make its
 * person unique, in place. Phone and e-mail are valid and never repeat within eight million requests.
 */
export interface PersonRequest {
  readonly bytes: Buffer;
  /** Makes the request that of person number `person`. */
  become(person: number): void;
}

export const PERSONS_MAX = 8_000_000;
/** Seven digits of a North American number; its exchange may not begin with 0 or 1. */
export const FIRST_NUMBER = 2_000_000;
const DIGITS = 7;
const PLACEHOLDER = '#######';

/** What every submission says; `#######` stands for the person's seven digits. */
const PERSON = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: `ada.${PLACEHOLDER}@example.com`,
  phone_1: `512${PLACEHOLDER}`,
  address_1: '1100 Congress Ave',
  city: 'Austin',
  state: 'TX',
  postal_code: '78701',
  trustedform_cert_url: 'https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567',
};

/** The values of person number `person`, as `createPersonRequest` sends them. */
export function personValues(person: number): Record<keyof typeof PERSON, string> {
  const digits = String(FIRST_NUMBER + (person % PERSONS_MAX));
  const fill = (text: string) => text.replace(PLACEHOLDER, digits);
  return { ...PERSON, email: fill(PERSON.email), phone_1: fill(PERSON.phone_1) };
}

const EMAIL_BEGINS = Buffer.from('ada.');

/** The person whose e-mail is in these bytes; null when there is none. */
export function readPerson(bytes: Buffer): number | null {
  const start = bytes.indexOf(EMAIL_BEGINS);
  if (start < 0) return null;
  const digits = bytes.toString('latin1', start + EMAIL_BEGINS.length, start + EMAIL_BEGINS.length + DIGITS);
  return /^\d{7}$/.test(digits) ? Number(digits) - FIRST_NUMBER : null;
}

/** A submission to `path` as a browser-like form post that wants JSON back; `values` replace those of every person. */
export function createPersonRequest(path: string, values: Readonly<Record<string, string>> = {}): PersonRequest {
  const form = new URLSearchParams({ ...PERSON, ...values }).toString().replaceAll('%23', '#');
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: keep-alive',
    'Accept: application/json',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${form.length}`,
  ].join('\r\n');
  const bytes = Buffer.from(`${head}\r\n\r\n${form}`, 'latin1');
  const offsets = placeholderOffsets(bytes);
  return {
    bytes,
    become(person) {
      for (const offset of offsets) writeDigits(bytes, offset, FIRST_NUMBER + (person % PERSONS_MAX));
    },
  };
}

function placeholderOffsets(bytes: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = bytes.indexOf(PLACEHOLDER); at >= 0; at = bytes.indexOf(PLACEHOLDER, at + DIGITS)) offsets.push(at);
  return offsets;
}

function writeDigits(bytes: Buffer, offset: number, value: number): void {
  let rest = value;
  for (let i = DIGITS - 1; i >= 0; i -= 1) {
    bytes[offset + i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
