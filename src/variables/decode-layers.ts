/** Encodings inside encodings are undone this often. */
const LAYERS_MAX = 4;

/**
 * A text with what common encodings made of it undone: percent codes, JSON escapes and references of XML and HTML, also
 * of each other, and then each piece of base64 and hexadecimals beside it. The result is for searching alone. The very
 * text when nothing is encoded.
 */
export function decodeLayers(text: string): string {
  let decoded = text;
  for (let layer = 0; layer < LAYERS_MAX; layer += 1) {
    const next = unescapeAll(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  const pieces = [...decoded.matchAll(PIECE)].flatMap(([piece]) => [hexText(piece), base64Text(piece)]);
  const found = pieces.filter((piece) => piece !== undefined);
  return found.length === 0 ? decoded : [decoded, ...found.map(unescapeAll)].join('\n');
}

/** Of nine characters and more: shorter ones hold no number that is looked for. */
const PIECE = /[A-Za-z0-9+/_-]{12,}/g;
const ENCODED = /%[\da-f]{2}|\\u|\\x|&#?\w+;/i;
const PERCENT_CODES = /(?:%[\da-f]{2})+/gi;
const UNICODE_ESCAPE = /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2}))/gi;
const REFERENCE = /&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi;
const NAMED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function unescapeAll(text: string): string {
  if (!ENCODED.test(text)) return text;
  return text
    .replace(PERCENT_CODES, percentText)
    .replace(UNICODE_ESCAPE, (_, long?: string, four?: string, two?: string) =>
      character(long ?? four ?? two ?? '', 16),
    )
    .replace(REFERENCE, (_, hex?: string, decimal?: string) =>
      hex === undefined ? character(decimal ?? '', 10) : character(hex, 16),
    )
    .replace(/&(?:amp|lt|gt|quot|apos);/g, (name) => NAMED[name] ?? name);
}

function percentText(codes: string): string {
  try {
    return decodeURIComponent(codes);
  } catch {
    return codes.replace(/%([\da-f]{2})/gi, (_, hex: string) => character(hex, 16));
  }
}

function character(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function hexText(piece: string): string | undefined {
  if (piece.length % 2 !== 0 || !/^[\da-f]+$/i.test(piece)) return undefined;
  return piece.replace(/../g, (hex) => character(hex, 16));
}

function base64Text(piece: string): string | undefined {
  const whole = piece.replaceAll('-', '+').replaceAll('_', '/');
  try {
    return atob(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0)));
  } catch {
    return undefined;
  }
}
