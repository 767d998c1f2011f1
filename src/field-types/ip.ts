import { keepWhole } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

export const ipType: FieldType = {
  name: 'ip',
  isMaskable: false,
  components: [
    rawComponent,
    component('is_ipv4', 'boolean', 'Is it version 4?'),
    component('ipv6_format', 'string', 'The address in version 6 form, whichever version it is'),
  ],
  operators: operatorPairs('equal', 'blank', 'format', 'includes', 'includedIn'),
  parse(value) {
    const raw = textOf(submitted(value));
    const address = readAddress(raw.replace(/\s/g, ''));
    return address ? richText(address.normal, { ...address.parts, raw }) : richText(raw, { valid: false, raw });
  },
  aggregate: keepWhole,
  examples: ['192.0.2.1', '2001:db8::1', 'https://192.0.2.1:8080/path'],
};

const PORT_MAX = 65_535;
/** One dot may follow, as behind a name that is not to be completed. */
const V4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.?(?::(\d+))?$/;
const V6_CHARACTERS = /^[\da-f:.]+$/i;

interface Address {
  normal: string;
  parts: { valid: true; is_ipv4: boolean; ipv6_format: string };
}

/** The address alone, without protocol, port, path or prefix length; lists and zone ids are no address. */
function readAddress(text: string): Address | undefined {
  const host = text.replace(/^[a-z][a-z\d+.-]*:\/\//i, '');
  if (host.startsWith('[')) return readV6(host.slice(1, Math.max(host.indexOf(']'), 1)));
  const [name = ''] = host.split(/[/?#]/, 1);
  return readV4(name) ?? readV6(name);
}

function readV4(text: string): Address | undefined {
  const [, a, b, c, d, port = '0'] = V4.exec(text) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  const octets = [a, b, c, d].map(readOctet);
  if (!octets.every((octet) => octet <= 255) || Number(port) > PORT_MAX) return undefined;
  return { normal: octets.join('.'), parts: { valid: true, is_ipv4: true, ipv6_format: formatAsV6(octets) } };
}

/** A leading zero means octal, as browsers read it; NaN when it is not. */
function readOctet(text: string): number {
  if (text.length === 1 || !text.startsWith('0')) return Number(text);
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** `ffff::c000:201`, the reference's own form, not the mapped address of RFC 4291. */
function formatAsV6([a = 0, b = 0, c = 0, d = 0]: number[]): string {
  const high = a * 256 + b;
  const low = c * 256 + d;
  if (high > 0) return `ffff::${high.toString(16)}:${low.toString(16)}`;
  return low > 0 ? `ffff::${low.toString(16)}` : 'ffff::';
}

function readV6(text: string): Address | undefined {
  // The check first: the URL parser must see nothing but an address.
  if (!text.includes(':') || !V6_CHARACTERS.test(text)) return undefined;
  const url = `http://[${text}]/`;
  if (!URL.canParse(url)) return undefined;
  const normal = new URL(url).hostname.slice(1, -1);
  return { normal, parts: { valid: true, is_ipv4: false, ipv6_format: normal } };
}
