/**
 * Character encodings by their labels (WHATWG Encoding Standard, as the platform's TextDecoder knows them): which one
 * a body declares, and texts of it.
 */
export type DecodeBytes = (bytes: Uint8Array) => string;

/** Decoders by label in lower case. Only labels the platform knows are kept, so there are at most a few hundred. */
const DECODERS = new Map<string, DecodeBytes>();

/** The decoder of a label such as `ISO-8859-1`. Broken bytes become U+FFFD. undefined: there is no such encoding. */
export function findDecoder(label: string): DecodeBytes | undefined {
  const name = label.trim().toLowerCase();
  const known = DECODERS.get(name);
  if (known) return known;
  try {
    const decoder = new TextDecoder(name);
    const decode = decoder.encoding === 'windows-1252' ? decodeWindows1252 : decoder.decode.bind(decoder);
    DECODERS.set(name, decode);
    return decode;
  } catch {
    // The platform reports an unknown label as an exception.
    return undefined;
  }
}

/** Some versions of Node read windows-1252 as ISO 8859-1, without €, ‘ and ’ (seen with 20.20). */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin.replace(C1_CONTROL, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);
}

const C1_CONTROL = /[\u0080-\u009f]/g;
/** What stands at 0x80 to 0x9f; the five places without a character keep their control. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** The charset parameter of a media type, unquoted; undefined: it has none. */
export function charsetParameter(contentType: string | undefined): string | undefined {
  const found = CHARSET_PARAMETER.exec(contentType ?? '');
  return found?.[1] || found?.[2] || undefined;
}

/**
 * The label a form declares: the charset parameter of its type, else its `_charset_` field, which browsers fill
 * (HTML, 4.10.18.5). undefined: none, which means UTF-8.
 */
export function findFormCharset(contentType: string | undefined, body: string): string | undefined {
  return charsetParameter(contentType) ?? (CHARSET_FIELD.exec(body)?.[1] || undefined);
}

/** The encoding an XML declaration names. Only the first characters of the document are looked at. */
export function findXmlCharset(document: string): string | undefined {
  return XML_DECLARATION.exec(document.slice(0, XML_DECLARATION_CHARACTERS_MAX))?.[1];
}

const CHARSET_PARAMETER = /;\s*charset\s*=\s*(?:"([^"]*)"|'?([^\s;,"']+))/i;
const CHARSET_FIELD = /(?:^|&)_charset_=([^&%+\s]+)/;
const XML_DECLARATION = /^\s*<\?xml\s[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]+)["']/;
const XML_DECLARATION_CHARACTERS_MAX = 300;
