import { charsetParameter, type DecodeBytes, findDecoder, findFormCharset, findXmlCharset } from '../../lib/charset.ts';
import { fail, ok, type Result } from '../../lib/result.ts';

/**
 * A body's bytes as text, by the first of: its byte order mark, the charset of its Content-Type, what a form or an XML
 * document declares itself, UTF-8 (broken UTF-8 becomes U+FFFD, decision 38). The error is the
 * label of an encoding that does not exist.
 */
export function decodeText(bytes: Buffer, contentType: string | undefined): Result<string, string> {
  const marked = BYTE_ORDER_MARKS.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
  const label = marked?.label ?? declaredCharset(bytes, contentType);
  if (label === undefined) return ok(bytes.toString('utf8'));
  const decode: DecodeBytes | undefined = findDecoder(label);
  return decode ? ok(decode(bytes)) : fail(label);
}

const BYTE_ORDER_MARKS: readonly { mark: readonly number[]; label: string }[] = [
  { mark: [0xef, 0xbb, 0xbf], label: 'utf-8' },
  { mark: [0xfe, 0xff], label: 'utf-16be' },
  { mark: [0xff, 0xfe], label: 'utf-16le' },
];

function declaredCharset(bytes: Buffer, contentType: string | undefined): string | undefined {
  const inHeader = charsetParameter(contentType);
  if (inHeader !== undefined) return inHeader;
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaType.endsWith('/xml')) return xmlCharset(bytes);
  if (mediaType === 'application/x-www-form-urlencoded') return findFormCharset(undefined, bytes.toString('latin1'));
  return undefined;
}

/** XML may also be UTF-16 without a mark: its first character is `<` in two bytes (XML 1.0, appendix F). */
function xmlCharset(bytes: Buffer): string | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  const label = findXmlCharset(bytes.subarray(0, XML_HEAD_BYTES).toString('latin1'));
  // A declaration that can be read byte by byte is not in UTF-16, whatever it says: .NET's writers leave that behind.
  return label !== undefined && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

const XML_HEAD_BYTES = 512;
