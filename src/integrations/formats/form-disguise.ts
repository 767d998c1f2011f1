/**
 * Which other format a form's body is really written in; undefined: none. Read as a form it would be one name without
 * a value, and the lead empty: clients that set the type by hand, or encode JSON once more, send that.
 */
export function findDisguise(body: string): string | undefined {
  if (!SUSPICIOUS.test(body)) return undefined;
  const start = body.startsWith('%') ? decodeStart(body) : body;
  return DISGUISES.find(([form]) => form.test(start))?.[1];
}

/** The first character of nearly every form is none of these. */
const SUSPICIOUS = /^(?:[[{<%]|--)/;

const DISGUISES: readonly (readonly [RegExp, string])[] = [
  // A list's first member; `[0]=x` is a form.
  [/^(?:\{\s*["'}]|\[\s*["'{[\]])/, 'JSON'],
  [/^<[?!A-Za-z_]/, 'XML'],
  [/^--[^\r\n]{1,70}\r?\n(?:[^\r\n]+\r?\n)*?Content-Disposition\s*:/i, 'multipart/form-data'],
];

const START_ESCAPES_MAX = 20;

/** Its first percent-encoded characters, plain; only ASCII matters here. */
function decodeStart(body: string): string {
  return body
    .slice(0, 3 * START_ESCAPES_MAX)
    .replaceAll('+', ' ')
    .replace(/%([\da-fA-F]{2})/g, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
