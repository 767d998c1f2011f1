import type { Vars } from '../../../model/vars.ts';
import type { OutboundRequest, OutboundResponse } from '../../contract.ts';
import { encodeForm } from '../../formats/encode-form.ts';
import { certificateUrl, otherServer } from './certificate.ts';
import { findStoredSecret, MissingKeyError } from './step-key.ts';
import { type Members, membersOf, parseAnswer, scanDelimiter, scanTexts, textIn } from './values.ts';

/** The process environment variable with the operator's token for the data service. */
export const TOKEN_VARIABLE = 'TRUSTEDFORM_DATA_SERVICE_TOKEN';

const NO_TOKEN = `There is no token for the data service of TrustedForm: give the step a stored credential in credential_id, or set ${TOKEN_VARIABLE}.`;

/**
 * Looks at a certificate without claiming it. The token is the stored credential's, else the operator's, which goes to
 * TrustedForm alone and to no server that a step names.
 */
export function buildPeek(vars: Vars, { operatorToken }: { operatorToken: string }): OutboundRequest {
  const token = findStoredSecret(vars) || (otherServer(vars) === undefined ? operatorToken : '');
  if (token === '') throw new MissingKeyError(NO_TOKEN);
  const given = ['phone_1', 'phone_2', 'phone_3', 'email'].map((name) => [name, textIn(vars, 'lead', name)] as const);
  return {
    url: `${certificateUrl(vars)}/peek`,
    method: 'POST',
    body: encodeForm({
      'scan[]': scanTexts(vars, 'scan_required_text'),
      'scan[]!': scanTexts(vars, 'scan_forbidden_text'),
      scan_delimiter: scanDelimiter(vars),
      ...Object.fromEntries(given.filter(([, text]) => text !== '')),
    }),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Bearer ${token}` },
  };
}

const CREATED = 201;

/** An answer with a certificate is billable, any other is not (spec modules e). */
export function readPeek({ status, body }: OutboundResponse): Record<string, unknown> {
  const answer = parseAnswer(body);
  if (answer === undefined) return notBilled('error', 'unable to parse response');
  if (status === CREATED) return readCertificate(answer);
  if (status >= 400 && status < 500) return notBilled('failure', readDetail(answer));
  return notBilled('error', `unknown error (${status})`);
}

function notBilled(outcome: string, reason: unknown): Record<string, unknown> {
  return { outcome, reason, billable: 0 };
}

/** One error, or a list of them. */
function readDetail({ errors }: Members): unknown {
  if (!Array.isArray(errors)) return membersOf(errors)['detail'];
  const details = errors.map((error: unknown) => membersOf(error)['detail']);
  return details.filter((detail) => detail !== undefined).join(', ') || undefined;
}

function readCertificate(answer: Members): Record<string, unknown> {
  const cert = membersOf(answer['cert']);
  const [geo, scans, fingerprints] = [
    membersOf(cert['geo']),
    membersOf(answer['scans']),
    membersOf(answer['fingerprints']),
  ];
  const { consented_at: consentedAt } = cert;
  return {
    outcome: 'success',
    billable: 1,
    age: answer['age'],
    browser: cert['browser'],
    created_at: cert['created_at'],
    device: cert['device'],
    event_duration: cert['event_duration'],
    expires_at: cert['expires_at'],
    form_input_method: cert['form_input_method'],
    framed: cert['framed'],
    has_consented: Boolean(consentedAt),
    city: geo['city'],
    country_code: geo['country_code'],
    lat: geo['lat'],
    lon: geo['lon'],
    postal_code: geo['postal_code'],
    state: geo['state'],
    time_zone: geo['time_zone'],
    ip: cert['ip'],
    wpm: cert['wpm'],
    kpm: cert['kpm'],
    page_url: cert['page_url'],
    operating_system: cert['operating_system'],
    parent_page_url: cert['parent_page_url'],
    domain: cert['domain'],
    cert_id: cert['cert_id'],
    user_agent: cert['user_agent'],
    fingerprints_matching: fingerprints['matching'],
    fingerprints_non_matching: fingerprints['non_matching'],
    is_masked: answer['is_masked'] ?? answer['masked'],
    scans_found: scans['found'] ?? [],
    scans_not_found: scans['not_found'] ?? [],
    warnings: answer['warnings'],
    ...(consentedAt ? { consented_at: consentedAt } : {}),
  };
}
