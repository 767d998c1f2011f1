import ipaddr from 'ipaddr.js';
import { TOP_LEVEL_DOMAINS } from './top-level-domains.ts';

/** May a delivery name a host that is not public, such as `localhost` in a demo? */
export type AllowsPrivateHosts = (hostname: string, port: number) => boolean;

/**
 * Why a URL cannot be delivered to, undefined when it can (texts and order of spec modules c1 and c2). This turns down
 * mistakes early and in plain words; what protects the network is the HTTP client's check of the resolved address.
 */
export function deliveryUrlProblem(text: string, allowsPrivateHosts: AllowsPrivateHosts): string | undefined {
  if (text.trim() === '') return 'URL is required';
  const url = HTTP_URL.test(text) ? parsedUrl(text) : undefined;
  if (url === undefined) return 'URL must be valid';
  const { hostname } = url;
  if (allowsPrivateHosts(hostname, Number(url.port) || (url.protocol === 'https:' ? 443 : 80))) return undefined;
  const isAddress = ADDRESS.test(hostname);
  if (!isAddress && !DOMAIN.test(hostname)) return 'URL must be valid';
  return (isAddress ? isPrivateAddress(hostname) : !hasKnownTopLevel(hostname)) ? 'URL must be public' : undefined;
}

function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** The URL parser has turned every spelling of an address into one of these. */
const ADDRESS = /^(?:[\d.]+|\[.*\])$/;
const HTTP_URL = /^\s*https?:\/\//i;
/** At least two labels of letters, digits and inner hyphens. The URL parser has lower-cased and ASCII-coded it. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const PRIVATE_RANGES = new Set([
  'unspecified',
  'broadcast',
  'linkLocal',
  'loopback',
  'carrierGradeNat',
  'private',
  'uniqueLocal',
]);

function isPrivateAddress(hostname: string): boolean {
  // `process` reads an IPv4-mapped address as the IPv4 address it stands for.
  return PRIVATE_RANGES.has(ipaddr.process(hostname.replace(/^\[|\]$/g, '')).range());
}

function hasKnownTopLevel(hostname: string): boolean {
  return TOP_LEVEL_DOMAINS.has(hostname.slice(hostname.lastIndexOf('.') + 1));
}
