/** What signing needs of the world. */
export interface SigningTools {
  /** HMAC-SHA-256 of a text, base64. */
  sign(key: Uint8Array, text: string): string;
  /** Epoch ms. */
  now(): number;
}

/** As the Standard Webhooks specification writes secrets: this, then the key in base64. */
export const SECRET_PREFIX = 'whsec_';

/** The headers of a JSON body that is posted and signed as the Standard Webhooks specification says. */
export function buildSignedHeaders(
  { id, body, secret }: { id: string; body: string; secret: string },
  tools: SigningTools,
): Record<string, string> {
  const timestamp = String(Math.floor(tools.now() / 1000));
  const signature = tools.sign(decodeKey(secret), `${id}.${timestamp}.${body}`);
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/** The key in a secret. Reading base64 passes over what is none. */
export function decodeKey(secret: string): Buffer {
  return Buffer.from(withoutPrefix(secret), 'base64');
}

export function withoutPrefix(secret: string): string {
  return secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
}
