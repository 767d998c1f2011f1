/**
 * Prebuilt submissions: the text of the request is made once, and each request only overwrites the digits that make its
 * person unique, in place. Phone and e-mail are valid and never repeat within eight million requests.
 */
export interface PersonRequest {
  readonly bytes: Buffer;
  /** Makes the request that of person number `person`. */
  become(person: number): void;
}

const PERSONS_MAX = 8_000_000;
/** Seven digits of a North American number; its exchange may not begin with 0 or 1. */
const FIRST_NUMBER = 2_000_000;
const DIGITS = 7;
const PLACEHOLDER = '#######';

/** The form body of every submission; `#######` stands for the person's seven digits. */
const FORM = [
  'first_name=Ada',
  'last_name=Lovelace',
  `email=ada.${PLACEHOLDER}%40example.com`,
  `phone_1=512${PLACEHOLDER}`,
  'address_1=1100+Congress+Ave',
  'city=Austin',
  'state=TX',
  'postal_code=78701',
  'trustedform_cert_url=https%3A%2F%2Fcert.trustedform.com%2F0123456789abcdef0123456789abcdef01234567',
].join('&');

/** A submission to `path` as a browser-like form post that wants JSON back. */
export function createPersonRequest(path: string): PersonRequest {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: keep-alive',
    'Accept: application/json',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${FORM.length}`,
  ].join('\r\n');
  const bytes = Buffer.from(`${head}\r\n\r\n${FORM}`, 'latin1');
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
