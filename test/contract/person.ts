import { computeTotp } from '../../src/access/users/totp.ts';

/** Of every person on the stage. */
export const PASSWORD = 'purple tractor sings';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** The code of an authenticator app, `later` steps from now: each is taken once. */
export function codeOf(secret: string, later: number, now = Date.now()): string {
  const bits = [...secret].map((sign) => BASE32.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  return computeTotp(Buffer.from(bytes), Math.floor(now / STEP_MS) + later);
}
