import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '../../lib/result.ts';
import { type PasswordNotProved, provePassword } from './change-password.ts';
import { emailKey } from './lockout.ts';
import type { PeopleDeps } from './people.ts';
import { type LiveSession, renewToken } from './sessions.ts';
import { buildOtpauthUrl, encodeBase32, findTotpStep, TOTP_SECRET_BYTES } from './totp.ts';
import type { User } from './user.ts';
import type { SecondFactorStore, UserKey } from './user-store.ts';

const RECOVERY_CODES = 10;
/** 80 random bits each, so that a plain hash keeps them. */
const RECOVERY_CODE_BYTES = 10;
/** What the authenticator app shows beside the address. */
const ISSUER = 'Sluice';

/** What the person gives to an authenticator app, by QR code or by hand. Read this once. */
export interface Enrolment {
  /** Base32. */
  secret: string;
  otpauthUrl: string;
}

/**
 * Begins to set up a second factor: nothing changes until `confirmSecondFactor`, and a new beginning replaces an earlier
 * one. Asks for the password, because a browser left open must not be enough.
 */
export async function enrolSecondFactor(
  deps: PeopleDeps,
  { live, password }: { live: LiveSession; password: string },
): Promise<Result<Enrolment, PasswordNotProved>> {
  const proof = await provePassword(deps, { live, password });
  if (proof !== 'right') return fail(proof);
  const secret = deps.randomBytes(TOTP_SECRET_BYTES);
  await deps.secondFactors.begin(keyOf(live.user), secret);
  const otpauthUrl = buildOtpauthUrl({ secret, email: live.user.email, issuer: ISSUER });
  return ok({ secret: encodeBase32(secret), otpauthUrl });
}

/** The recovery codes, the only time they can be read, and the new token of the session. */
export interface ConfirmedSecondFactor {
  recoveryCodes: string[];
  token: string;
}

export type NotConfirmed = { kind: 'not_begun' } | { kind: 'wrong_code' } | { kind: 'locked'; waitMs: number };

/** Switches the second factor on with a first code of it. Every other session of the user ends. */
export async function confirmSecondFactor(
  deps: PeopleDeps,
  { live, code }: { live: LiveSession; code: string },
): Promise<Result<ConfirmedSecondFactor, NotConfirmed>> {
  const { secondFactors, failures, clock, randomBytes } = deps;
  const key = keyOf(live.user);
  const secret = await secondFactors.readPending(key);
  if (!secret) return fail({ kind: 'not_begun' });
  const claim = await failures.claim([emailKey(live.user.email)], clock.now());
  if (claim.kind === 'locked') return fail(claim);
  const step = findTotpStep(secret, code, clock.now());
  if (step === null) {
    if (claim.locksUser) await deps.users.recordLockOut(key);
    return fail({ kind: 'wrong_code' });
  }
  await failures.giveBack([emailKey(live.user.email)]);
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => createRecoveryCode(randomBytes));
  const { token, keep } = renewToken(deps, live.session);
  await secondFactors.confirm(key, { step, recoveryHashes: recoveryCodes.map(hashRecoveryCode), keep });
  return ok({ recoveryCodes, token });
}

export type NotRemoved = PasswordNotProved | { kind: 'wrong_code' };

/** Switches the second factor off, with the password and a code. Returns the new token of the session. */
export async function removeSecondFactor(
  deps: PeopleDeps,
  { live, password, code }: { live: LiveSession; password: string; code: string },
): Promise<Result<{ token: string }, NotRemoved>> {
  const { failures, clock, secondFactors } = deps;
  const proof = await provePassword(deps, { live, password });
  if (proof !== 'right') return fail(proof);
  const claim = await failures.claim([emailKey(live.user.email)], clock.now());
  if (claim.kind === 'locked') return fail(claim);
  if (!(await isSecondFactor(deps, { user: live.user, code }))) {
    if (claim.locksUser) await deps.users.recordLockOut(keyOf(live.user));
    return fail({ kind: 'wrong_code' });
  }
  await failures.giveBack([emailKey(live.user.email)]);
  const { token, keep } = renewToken(deps, live.session);
  await secondFactors.remove(keyOf(live.user), keep);
  return ok({ token });
}

/** Is it a code of the user's app that was not used before, or a recovery code that is left? Either is used up. */
export async function isSecondFactor(
  { secondFactors, clock }: Pick<PeopleDeps, 'clock'> & { secondFactors: SecondFactorStore },
  { user, code }: { user: User; code: string },
): Promise<boolean> {
  const key = keyOf(user);
  // Apps show codes in groups.
  const plain = code.replace(/[\s-]/g, '');
  const secret = await secondFactors.read(key);
  const step = secret && findTotpStep(secret, plain, clock.now());
  if (step !== null) return secondFactors.takeStep(key, step);
  return RECOVERY_CODE.test(plain) && secondFactors.takeRecoveryCode(key, hashRecoveryCode(plain));
}

const RECOVERY_CODE = /^[A-Za-z2-7]{16}$/;

/** `ABCD-EFGH-IJKL-MNOP` */
function createRecoveryCode(randomBytes: (count: number) => Buffer): string {
  return (encodeBase32(randomBytes(RECOVERY_CODE_BYTES)).match(/.{4}/g) ?? []).join('-');
}

function hashRecoveryCode(code: string): Buffer {
  return createHash('sha256').update(code.replaceAll('-', '').toUpperCase(), 'utf8').digest();
}

function keyOf({ accountId, id }: User): UserKey {
  return { accountId, userId: id };
}
