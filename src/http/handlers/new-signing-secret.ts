import { SECRET_PREFIX } from '../../integrations/formats/standard-webhook.ts';

const KEY_BYTES = 32;

/** A new key as the Standard Webhooks specification writes it. */
export function newSigningSecret(randomBytes: (count: number) => Buffer): string {
  return `${SECRET_PREFIX}${randomBytes(KEY_BYTES).toString('base64')}`;
}
