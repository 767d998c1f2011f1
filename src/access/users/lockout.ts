import { createHash } from 'node:crypto';

/** How failures under one kind of key slow the next attempt down. */
interface LockoutRule {
  /** Failures that cost nothing: people mistype. */
  free: number;
  /** Wait after the first failure beyond them, in ms; doubles with each further one. */
  firstWaitMs: number;
}

const RULES = {
  /** Guessing the password of one user. */
  email: { free: 5, firstWaitMs: 1_000 },
  /** Guessing from one address, which an office shares. */
  address: { free: 30, firstWaitMs: 1_000 },
} as const satisfies Record<string, LockoutRule>;

/** Longer would let a stranger keep a user out; like this a user is guessed at some 280 times a day. */
export const WAIT_MS_MAX = 15 * 60_000;
/** Failures are forgotten this long after the last one. */
export const FORGET_MS = 60 * 60_000;

/** What failed attempts are counted under. */
export interface SignInKey {
  kind: keyof typeof RULES;
  /** As stored. */
  text: string;
}

/** What is stored of failed attempts under a key. */
export interface SignInFailures {
  failures: number;
  /** Epoch ms. */
  lastAt: number;
}

/** Milliseconds until the next attempt under a key may be made; 0: now. */
export function computeWaitMs(kind: SignInKey['kind'], { failures, lastAt }: SignInFailures, now: number): number {
  const { free, firstWaitMs } = RULES[kind];
  if (failures < free || now - lastAt >= FORGET_MS) return 0;
  // Beyond this exponent the bound holds anyway, and 2 ** n would leave the whole numbers.
  const doublings = Math.min(failures - free, 30);
  return Math.max(0, lastAt + Math.min(firstWaitMs * 2 ** doublings, WAIT_MS_MAX) - now);
}

/** Is it the failure that locks a key out, so many within the hour? Later ones only lengthen the wait. */
export function beginsLockOut(kind: SignInKey['kind'], failures: number): boolean {
  return failures === RULES[kind].free;
}

/** The key of an e-mail address, which is hashed: strangers type any. */
export function emailKey(email: string): SignInKey {
  return { kind: 'email', text: `email:${createHash('sha256').update(email, 'utf8').digest('hex')}` };
}

/** The key of a sender's address. An IPv6 site has a /64 of addresses to itself, so they count as one. */
export function addressKey(ip: string): SignInKey {
  return { kind: 'address', text: `address:${ip.includes(':') ? ipv6Site(ip) : ip}` };
}

/** The first four groups, `2001:db8:0:1::/64`; an IPv4 address in IPv6 clothes is itself. */
function ipv6Site(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = tail === undefined ? left : [...left, ...zeros, ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
