import type { Delivery, RecipientAnswer, TestRecipient } from './recipient.ts';

/** The answers of TrustedForm's certificate API, version 4, as it documents them (spec api 20). */
export const CERT_ID = '0123456789abcdef0123456789abcdef01234567';
export const CERT_URL = `https://cert.trustedform.com/${CERT_ID}`;

export interface TrustedFormPeer {
  key: string;
  /** What the visitor typed. */
  email: string;
  phone: string;
  /** What is on the page. */
  page: string;
  /** Answers the next requests instead; undefined: as the API does. */
  answer?: RecipientAnswer | (() => Promise<RecipientAnswer>);
}

/** Answers a recipient's requests as the certificate API does. */
export function answerAsTrustedForm(recipient: TestRecipient, peer: TrustedFormPeer): void {
  recipient.answerWith((delivery) => {
    if (typeof peer.answer === 'function') return peer.answer();
    return peer.answer ?? answerOperations(peer, delivery);
  });
}

function answerOperations(peer: TrustedFormPeer, { headers, path, body }: Delivery): RecipientAnswer {
  if (headers.authorization !== `Basic ${Buffer.from(`X:${peer.key}`).toString('base64')}`)
    return refusal(401, 'Wrong API key.');
  if (path !== `/${CERT_ID}`) return refusal(404, 'Certificate has expired or could not be found.');
  if (headers['api-version'] !== '4.0' || headers['content-type'] !== 'application/json')
    return refusal(422, 'The request cannot be processed because it does not meet the expected schema.');
  const { match_lead: match, retain, insights, verify } = JSON.parse(body);
  if (retain && !match) return refusal(422, 'Match Lead fields not included in request.');
  const matched = match && matchLead(peer, match);
  const scans = insights?.scans && scanPage(peer, insights.scans);
  const isGood = matched?.result.success !== false && scans?.result.success !== false;
  return {
    body: {
      outcome: isGood ? 'success' : 'failure',
      ...(isGood
        ? {}
        : { reason: matched?.result.success === false ? 'No matches found' : 'Required terms not found' }),
      ...(matched && { match_lead: matched }),
      ...(retain && {
        retain: {
          ...retain,
          results: { previously_retained: false, expires_at: '2031-01-01T00:00:00Z', masked_cert_url: `${CERT_URL}m` },
        },
      }),
      ...(insights && { insights: { properties: pick(insights.properties), ...(scans && { scans }) } }),
      ...(verify && {
        verify: {
          languages: [{ text: 'I agree to be called' }],
          result: { form_submitted: true, language_approved: true, success: true },
        },
      }),
    },
  };
}

function refusal(status: number, reason: string): RecipientAnswer {
  return { status, body: { outcome: status < 500 ? 'failure' : 'error', reason } };
}

function matchLead(peer: TrustedFormPeer, { email, phone }: { email?: string; phone?: string }) {
  const [isEmail, isPhone] = [email === peer.email, phone === peer.phone];
  return { email, phone, result: { email_match: isEmail, phone_match: isPhone, success: isEmail || isPhone } };
}

function scanPage(peer: TrustedFormPeer, asked: { required?: string; delimiter: string }) {
  const terms = asked.required?.split(asked.delimiter) ?? [];
  const found = terms.filter((term) => peer.page.includes(term));
  const missing = terms.filter((term) => !peer.page.includes(term));
  return { required: terms, result: { success: missing.length === 0, required: { found, not_found: missing } } };
}

const PROPERTIES: Record<string, unknown> = {
  age_seconds: 42,
  domain: 'example.com',
  approx_ip_geo: { city: 'Marfa', state: 'TX', country_code: 'US' },
  bot_detected: false,
};

function pick(names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, PROPERTIES[name]]));
}
