import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Keeps texts that must be stored and must not be read from the database alone. */
export interface SecretBox {
  /** Encrypts a text. `context` says where it belongs, as in `credential:<id>`: elsewhere it does not open. */
  seal(text: string, context: string): Buffer;
  /** null: sealed with another key or for another place, or damaged. */
  open(sealed: Buffer, context: string): string | null;
}

/** The same for bytes. */
export interface ByteBox {
  sealBytes(bytes: Uint8Array, context: string): Buffer;
  openBytes(sealed: Buffer, context: string): Buffer | null;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Says of what is sealed whether SLUICE_SECRET_KEY_PREVIOUS is still needed for it. */
export interface RotatingBox extends SecretBox, ByteBox {
  /** Is there a key of before? */
  isRotating: boolean;
  /** Does it open with the key that seals now? */
  isCurrent(sealed: Buffer, context: string): boolean;
}

/**
 * AES-256-GCM with the key of SLUICE_SECRET_KEY: iv, tag and ciphertext in one buffer. Keys have 32 bytes. What was sealed
 * with `previousKey` opens, too; nothing is sealed with it.
 */
export function createSecretBox(
  key: Buffer,
  randomBytes: (count: number) => Buffer,
  previousKey: Buffer | null = null,
): RotatingBox {
  const sealBytes = (bytes: Uint8Array, context: string): Buffer => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  };
  const openWith = (openingKey: Buffer, sealed: Buffer, context: string): Buffer | null => {
    try {
      const decipher = createDecipheriv('aes-256-gcm', openingKey, sealed.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    } catch {
      // Wrong key, wrong context or damaged bytes: GCM does not say which.
      return null;
    }
  };
  const openBytes = (sealed: Buffer, context: string): Buffer | null =>
    openWith(key, sealed, context) ?? (previousKey && openWith(previousKey, sealed, context));
  return {
    isRotating: previousKey !== null,
    isCurrent: (sealed, context) => openWith(key, sealed, context) !== null,
    seal: (text, context) => sealBytes(Buffer.from(text, 'utf8'), context),
    open: (sealed, context) => openBytes(sealed, context)?.toString('utf8') ?? null,
    sealBytes,
    openBytes,
  };
}
