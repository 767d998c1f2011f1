import { fail, ok, type Result } from '../../lib/result.ts';
import type { MailAddress, MailMessage } from '../mail-message.ts';

/** Octets of a path by RFC 5321, 4.5.3.1.3. */
const ADDRESS_CHARACTERS_MAX = 254;

/** An address that can be written in a command and in a header without quoting. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]{1,253}$/u;

/** Quoting, comments and addresses of hosts without a name are refused: no command and no header can be broken by one. */
export function isMailAddress(text: string): boolean {
  return text.length <= ADDRESS_CHARACTERS_MAX && ADDRESS.test(text);
}

/** Control characters and line separators as spaces, so that no text of a header begins another one. */
export function cleanHeader(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** Of a list of addresses; more are not read. */
const LIST_CHARACTERS_MAX = 32_768;

/**
 * `ann@example.com`, `Ann Lee <ann@example.com>`, several of them with commas or semicolons between; a name with one of
 * these in quotation marks. Fails with the part that is none.
 */
export function parseMailAddresses(text: string): Result<MailAddress[], string> {
  if (text.length > LIST_CHARACTERS_MAX) return fail('The list of addresses is too long');
  const parts = text.match(PART) ?? [];
  const addresses: MailAddress[] = [];
  for (const part of parts.map((each) => each.trim()).filter((each) => each !== '')) {
    const address = parseMailAddress(part);
    if (!address) return fail('is not an e-mail address');
    addresses.push(address);
  }
  return ok(addresses);
}

/** Up to a comma or semicolon that is in no quotation marks. */
const PART = /(?:"[^"]*"|[^",;])+/g;

/** undefined: it is none. */
export function parseMailAddress(text: string): MailAddress | undefined {
  if (CONTROL.test(text.trim())) return undefined;
  const [, quoted, plain = '', bracketed] = NAMED.exec(text.trim()) ?? [];
  const address = (bracketed ?? text).trim();
  if (!isMailAddress(address)) return undefined;
  return { name: cleanHeader(quoted ?? plain), address };
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const NAMED = /^(?:"([^"]*)"|([^"<>]*))\s*<([^<>]*)>$/;

/** As a header shows it. */
export function formatMailAddress({ name, address }: MailAddress): string {
  if (name === '') return address;
  return /^[\p{L}\p{N} '-]+$/u.test(name) ? `${name} <${address}>` : `"${name.replaceAll('"', "'")}" <${address}>`;
}

/** Bytes of the bodies and attachments before they are encoded; the message has more. */
export function countMailBytes({
  text = '',
  html = '',
  attachments = [],
}: Pick<MailMessage, 'text' | 'html' | 'attachments'>): number {
  return [text, html, ...attachments.map(({ content }) => content)].reduce(
    (sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : part.byteLength),
    0,
  );
}
