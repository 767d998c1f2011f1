import ipaddr from 'ipaddr.js';
import { fail, ok, type Result } from '../lib/result.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A network the operator lets deliveries reach although it is not public, on one port or on all. */
export interface AllowedNetwork {
  readonly network: Address;
  readonly prefixBits: number;
  /** undefined: every port. */
  readonly port: number | undefined;
}

/**
 * May no delivery go to this address (architecture 7)? `address` is an IPv4 or IPv6 literal as DNS gave it; what cannot
 * be read is forbidden. Only addresses of the public internet are free: loopback, private, link-local (cloud metadata
 * lives there), shared, multicast and reserved ones are refused unless `allowed` holds them for this port.
 * An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged as that IPv4 address, which is where it leads.
 */
export function isForbiddenAddress(address: string, port: number, allowed: readonly AllowedNetwork[]): boolean {
  if (!ipaddr.isValid(address) || IPV4_COMPATIBLE.test(address)) return true;
  const literal = ipaddr.parse(address);
  const reached = embeddedIPv4(literal) ?? literal;
  if (allowed.some((entry) => holds(entry, reached, port))) return false;
  return !isPublic(reached);
}

/** `::8.8.8.8`: long deprecated and not routed, but ipaddr.js reads it as the mapped `::ffff:8.8.8.8`. */
const IPV4_COMPATIBLE = /^::\d+\.\d/;

/**
 * May a delivery name this host although it is not a public name? `localhost`, single labels and addresses are let
 * through when an allowed network might hold them on this port. Which address a name really has is checked when the
 * connection is made; here only names that could never be reached are turned down early.
 */
export function isPrivateHostAllowed(hostname: string, port: number, allowed: readonly AllowedNetwork[]): boolean {
  const bare = withoutBrackets(hostname);
  if (MAY_BE_ADDRESS.test(bare) && ipaddr.isValid(bare)) return !isForbiddenAddress(bare, port, allowed);
  return allowed.some((entry) => entry.port === undefined || entry.port === port);
}

/** Cheap, because every delivery asks: of a name the library makes an exception with a stack. */
const MAY_BE_ADDRESS = /:|^[0-9a-fx.]+$/i;

const ENTRY = /^\[?([0-9a-f:.]+)\]?\/(\d{1,3})(?::(\d{1,5}))?$/i;
const PORT_MAX = 65_535;

/** One entry of the setting: a CIDR, optionally with a port: `10.0.0.0/8`, `127.0.0.1/32:8401`, `[::1]/128:8401`. */
export function parseAllowedNetwork(text: string): Result<AllowedNetwork, string> {
  const [, address = '', bits = '', portText] = ENTRY.exec(text.trim()) ?? [];
  const port = portText === undefined ? undefined : Number(portText);
  if (!ipaddr.isValid(address) || (port !== undefined && (port < 1 || port > PORT_MAX))) return fail(refusal(text));
  const network = ipaddr.parse(address);
  const prefixBits = Number(bits);
  if (prefixBits > network.toByteArray().length * 8) return fail(refusal(text));
  return ok({ network, prefixBits, port });
}

/** The entry as the setting writes it, to hand it to another thread. */
export function textOfAllowedNetwork({ network, prefixBits, port }: AllowedNetwork): string {
  const cidr = `${network.toString()}/${prefixBits}`;
  return port === undefined ? cidr : `${cidr}:${port}`;
}

function refusal(text: string): string {
  return `"${text}" is not a network: write address/bits or address/bits:port, as in 10.0.0.0/8 or 127.0.0.1/32:8401`;
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function holds(entry: AllowedNetwork, address: Address, port: number): boolean {
  if (entry.port !== undefined && entry.port !== port) return false;
  // ipaddr.js refuses to compare the two families.
  return entry.network.kind() === address.kind() && address.match(entry.network, entry.prefixBits);
}

/** Azure's platform endpoint serves instance metadata on what looks like a public address. */
const AZURE_METADATA = '168.63.129.16';

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv6) return isGlobalUnicast(address);
  return address.toString() !== AZURE_METADATA;
}

/** Only 2000::/3 is handed out (RFC 4291); ipaddr.js calls the unassigned rest unicast too. */
function isGlobalUnicast(address: ipaddr.IPv6): boolean {
  return ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
}

const MAPPED = ipaddr.IPv6.parse('::ffff:0:0');
const NAT64 = ipaddr.IPv6.parse('64:ff9b::');
const SIX_TO_FOUR = ipaddr.IPv6.parse('2002::');

/** Where an IPv6 address with an IPv4 address inside leads: network, its bits, first byte of the inner address. */
const EMBEDDINGS = [
  { network: MAPPED, bits: 96, at: 12 },
  { network: NAT64, bits: 96, at: 12 },
  { network: SIX_TO_FOUR, bits: 16, at: 2 },
] as const;

function embeddedIPv4(address: Address): ipaddr.IPv4 | undefined {
  if (!(address instanceof ipaddr.IPv6)) return undefined;
  const embedding = EMBEDDINGS.find(({ network, bits }) => address.match(network, bits));
  return embedding && new ipaddr.IPv4(address.toByteArray().slice(embedding.at, embedding.at + 4));
}
