/**
 * The ways a secret may stand in a request or a delivery (decision 31): as it is; percent-encoded, with `%20` or `+`
 * and either case of hexadecimals; escaped for JSON or XML, and that percent-encoded; in base64 at any alignment, so
 * inside `user:password` too; and a social security number of nine digits plain, dashed or spaced.
 * A text in another encoding, or compressed, is not recognised.
 */
export function listSpellings(secret: string): string[] {
  const spellings = new Set<string>();
  for (const text of new Set(listWritings(secret))) {
    for (const escaped of new Set([text, ...jsonEscapes(text), ...xmlEscapes(text)])) {
      spellings.add(escaped);
      for (const encoded of percentEncodings(escaped)) spellings.add(encoded);
    }
    for (const encoded of base64Encodings(text)) spellings.add(encoded);
  }
  return [...spellings];
}

/** Most secrets are digits and dashes; knowing what cannot change makes these twenty times cheaper (20 us). */
const NEVER_PERCENT_ENCODED = /^[A-Za-z0-9]*$/;
const NEVER_ESCAPED = /^[\w .-]*$/;

const SSN_DIGITS = 9;

function listWritings(secret: string): string[] {
  const digits = secret.replace(/\D/g, '');
  const writings = [secret, secret.trim()];
  if (digits.length !== SSN_DIGITS) return writings;
  const parts = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  return [...writings, digits, parts.join('-'), parts.join(' ')];
}

/** Some writers escape the slash, some all that is not ASCII. */
function jsonEscapes(text: string): string[] {
  if (NEVER_ESCAPED.test(text)) return [];
  const plain = JSON.stringify(text).slice(1, -1);
  const ascii = plain.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [plain, ascii].flatMap((escaped) => [escaped, escaped.replaceAll('/', '\\/')]);
}

/** In a text the quotes may stand; in an attribute one of them may not. */
function xmlEscapes(text: string): string[] {
  if (NEVER_ESCAPED.test(text)) return [];
  const inText = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const inAttribute = inText.replaceAll('"', '&quot;');
  return [inText, inAttribute, inAttribute.replaceAll("'", '&apos;'), inAttribute.replaceAll("'", '&#39;')];
}

/** Encoders differ in the marks they leave: JavaScript's component, RFC 3986, HTML forms, and all but letters. */
const MARKS_ENCODED = [/(?!)/g, /[!'()*]/g, /[!'()~]/g, /[^A-Za-z0-9%]/g];

function percentEncodings(text: string): string[] {
  if (NEVER_PERCENT_ENCODED.test(text)) return [];
  const component = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  return [...new Set(MARKS_ENCODED.map((marks) => component.replace(marks, percentCode)))]
    .flatMap((encoded) => [encoded, encoded.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase())])
    .flatMap((encoded) => [encoded, encoded.replaceAll('%20', '+')]);
}

function percentCode(mark: string): string {
  return `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Shorter pieces of base64 would turn up in ordinary words. */
const BASE64_CHARACTERS_MIN = 6;

/** The characters that depend on the secret alone, whatever stands before and behind it. */
function base64Encodings(text: string): string[] {
  const bytes = `\0\0${Array.from(new TextEncoder().encode(text), byteText).join('')}`;
  const pieces = [0, 1, 2].map((bytesBefore) => {
    const encoded = btoa(bytes.slice(2 - bytesBefore));
    const bits = (bytes.length - 2 + bytesBefore) * 8;
    return encoded.slice(Math.ceil((bytesBefore * 8) / 6), Math.floor(bits / 6));
  });
  return pieces
    .filter((piece) => piece.length >= BASE64_CHARACTERS_MIN)
    .flatMap((piece) => [piece, piece.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(piece)]);
}

function byteText(byte: number): string {
  return String.fromCharCode(byte);
}
