import { type ScryptOptions, timingSafeEqual } from 'node:crypto';

/** Cost parameters of scrypt (RFC 7914). */
export interface ScryptCost {
  /** A power of two; memory is 128 * N * r bytes. */
  N: number;
  r: number;
  p: number;
}

/** OWASP's recommendation that takes 32 MiB: about 0.2 s of one core. */
export const SCRYPT_COST: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };

/** `scrypt` of node:crypto as a promise, which works in a thread of its own. */
export type Scrypt = (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer>;

export interface PasswordHasher {
  /** What to store of a password. */
  hash(password: string): Promise<string>;
  /**
   * Is it the password of a stored hash? null for a hash (no such user) costs the same and is never right, so that time
   * does not reveal which it was.
   */
  matches(password: string, stored: string | null): Promise<boolean>;
  /** Was it made with other parameters than new ones are? */
  isOutdated(stored: string): boolean;
}

/** Thrown when so many passwords wait that a further one would take seconds. */
export class PasswordsBusy extends Error {}

/** Leaves two of Node's four threads to files and names; 64 MiB at once. */
const RUNNING_MAX = 2;
/** About two seconds of waiting. */
const WAITING_MAX = 20;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Takes the part of a user's hash where there is no user. */
const NO_SALT = Buffer.alloc(SALT_BYTES);

/** Hashes passwords, at most two at once and a bounded number after each other. */
export function createPasswordHasher(deps: {
  scrypt: Scrypt;
  randomBytes: (count: number) => Buffer;
  cost: ScryptCost;
}): PasswordHasher {
  const { scrypt, randomBytes, cost } = deps;
  const inTurn = createTurns();
  const derive = (password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> =>
    // NFKC: the same characters typed on another keyboard are the same password (NIST SP 800-63B 5.1.1.2).
    inTurn(() => scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r }));
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return formatHash({ cost, salt, hash: await derive(password, salt, cost) });
    },
    matches: async (password, stored) => {
      const parsed = stored === null ? null : parseHash(stored);
      const derived = await derive(password, parsed?.salt ?? NO_SALT, parsed?.cost ?? cost);
      return parsed !== null && timingSafeEqual(derived, parsed.hash);
    },
    isOutdated: (stored) => {
      const { N, r, p } = parseHash(stored).cost;
      return N !== cost.N || r !== cost.r || p !== cost.p;
    },
  };
}

interface ParsedHash {
  cost: ScryptCost;
  salt: Buffer;
  hash: Buffer;
}

function formatHash({ cost: { N, r, p }, salt, hash }: ParsedHash): string {
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

function parseHash(stored: string): ParsedHash {
  const [scheme, N, r, p, salt = '', hash = ''] = stored.split('$');
  if (scheme !== 'scrypt') throw new Error('invariant broken: a stored password hash is scrypt');
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
}

/** Runs work at most RUNNING_MAX at once, first come first served; throws PasswordsBusy when WAITING_MAX wait. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < RUNNING_MAX) running += 1;
    else if (waiting.length >= WAITING_MAX) throw new PasswordsBusy('too many passwords are being checked');
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place goes to the next in line, or is free.
      if (next) next();
      else running -= 1;
    }
  };
}
