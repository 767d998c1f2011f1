import type { Deliver, OutboundRequest } from '../integrations/contract.ts';
import { encodeForm } from '../integrations/formats/encode-form.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { LiveCredential } from '../model/credential.ts';
import type { FetchedToken } from './credential-store.ts';

/** How long a token URL may take at most, ms. */
export const TOKEN_TIMEOUT_MS = 10_000;
/** Of a token; one of a directory with many groups has some thousand. */
const TOKEN_CHARACTERS_MAX = 16_384;
/** Of its answer, which has the token and a little beside it. */
const ANSWER_CHARACTERS_MAX = 65_536;
/** A token of which the answer does not say how long it lives. */
const LIFE_SECONDS_DEFAULT = 300;
/** One that claims to live longer is fetched anew all the same. */
const LIFE_SECONDS_MAX = 86_400;

/**
 * Fetches a token with the client credentials grant (RFC 6749, 4.4). The error is half a sentence about the token URL;
 * it quotes of the answer at most the error code that the RFC defines.
 */
export async function fetchToken(
  credential: LiveCredential,
  { deliver, now, timeoutMs }: { deliver: Deliver; now(): number; timeoutMs: number },
): Promise<Result<FetchedToken, string>> {
  const askedAt = now();
  const result = await deliver(buildTokenRequest(credential), { timeoutMs });
  if (result.kind !== 'answered') return fail(`was not reached (${result.reason})`);
  const { status, body } = result.response;
  if (result.truncated || body.length > ANSWER_CHARACTERS_MAX)
    return fail(`answered more than ${ANSWER_CHARACTERS_MAX} characters`);
  const answer = parseObject(body);
  if (status < 200 || status >= 300) return fail(`answered status ${status}${codeOf(answer)}`);
  if (answer === null) return fail('answered no JSON object');
  const { access_token: token, expires_in: life } = answer;
  if (typeof token !== 'string' || !TOKEN.test(token) || token.length > TOKEN_CHARACTERS_MAX)
    return fail('answered no access_token that can be sent');
  return ok({ accessToken: token, expiresAt: askedAt + readLifeSeconds(life) * 1000 });
}

/** RFC 6750, b64token, and the few marks that servers use beside it; nothing that would end a header. */
const TOKEN = /^[\x21-\x7e]+$/;

function buildTokenRequest({ settings, secrets }: LiveCredential): OutboundRequest {
  const id = String(settings['client_id'] ?? '');
  const secret = String(secrets?.['client_secret'] ?? '');
  const isInBody = settings['client_authentication'] === 'body';
  const form = {
    grant_type: 'client_credentials',
    ...pick(settings, ['scope', 'audience']),
    ...(isInBody ? { client_id: id, client_secret: secret } : {}),
  };
  return {
    url: String(settings['token_url'] ?? ''),
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
      // RFC 6749, 2.3.1: both parts are encoded as a form is before they are Basic authentication.
      ...(isInBody ? {} : { Authorization: `Basic ${btoa(`${encodePart(id)}:${encodePart(secret)}`)}` }),
    },
    body: encodeForm(form),
    // A redirected token request would send the secret to somebody else.
    followAllRedirects: false,
  };
}

function encodePart(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

function pick(values: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, String(values[name])]] : [])));
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>) // an object, as was just asked
      : null;
  } catch {
    // What is not JSON has no token.
    return null;
  }
}

function codeOf(answer: Record<string, unknown> | null): string {
  const code = answer?.['error'];
  return typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? ` (${code})` : '';
}

function readLifeSeconds(life: unknown): number {
  const seconds = typeof life === 'string' ? Number(life) : life;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return LIFE_SECONDS_DEFAULT;
  return Math.min(seconds, LIFE_SECONDS_MAX);
}
