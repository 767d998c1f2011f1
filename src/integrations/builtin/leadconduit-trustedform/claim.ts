import type { Vars } from '../../../model/vars.ts';
import { textOf } from '../../../variables/rich-value.ts';
import type { Exchanges, HandleEnd, OutboundRequest, OutboundResponse } from '../../contract.ts';
import { encodeForm } from '../../formats/encode-form.ts';
import { certificateUrl } from './certificate.ts';
import { findStepKey, keyHeaders, NO_KEY } from './step-key.ts';
import {
  describeShare,
  type Members,
  membersOf,
  parseAnswer,
  scanDelimiter,
  scanTexts,
  textIn,
  withoutUndefined,
} from './values.ts';

/** What a claim needs from outside. */
export interface ClaimTools {
  /** Lower-case hexadecimal. */
  sha1(text: string): string;
  leadUrl(leadId: string): string;
}

/** How one version of the claiming API is asked, and what its answer means. */
export interface ClaimKind {
  headers: Record<string, string>;
  scanNames: { required: string; forbidden: string };
  /** Of a certificate that was claimed. */
  read(claimed: Members, at: { vars: Vars; response: OutboundResponse; tools: ClaimTools }): Record<string, unknown>;
  /** Of one that was not; undefined: as every other. */
  refuse?(answer: Members, status: number): Record<string, unknown> | undefined;
}

const V2_SCANS = { required: 'scan[]', forbidden: 'scan![]' };
const V3_SCANS = { required: 'required_scan_terms[]', forbidden: 'forbidden_scan_terms[]' };
const V3_HEADERS = { 'api-version': '3.0' };

export const CLAIM: ClaimKind = { headers: {}, scanNames: V2_SCANS, read: readClaim };
export const CONSENT: ClaimKind = {
  headers: V3_HEADERS,
  scanNames: V3_SCANS,
  read: readConsent,
  refuse: refuseConsent,
};
export const CONSENT_PLUS_DATA: ClaimKind = {
  ...CONSENT,
  read: (claimed, at) => ({ ...readConsent(claimed, at), ...readData(membersOf(claimed['cert'])) }),
};

const CREATED = 201;

/** Claims the certificate: the one exchange of these modules (spec modules e). */
export async function claimCertificate(
  kind: ClaimKind,
  { vars, exchanges, tools }: { vars: Vars; exchanges: Exchanges; tools: ClaimTools },
): Promise<HandleEnd> {
  if (findStepKey(vars) === '') return { kind: 'unsent', reason: NO_KEY };
  const sent = await exchanges.send(buildClaim(kind, { vars, tools }));
  if (sent.kind !== 'answered') return { kind: sent.kind, reason: sent.reason };
  const { response } = sent;
  const answer = parseAnswer(response.body);
  const appended =
    answer !== undefined && response.status === CREATED
      ? kind.read(answer, { vars, response, tools })
      : (kind.refuse?.(answer ?? {}, response.status) ?? refuseClaim(answer, response.status));
  return { kind: 'answered', appended: withoutUndefined(appended) };
}

/** What is compared with what the visitor typed, in the order in which it is sent. */
const CONTACTS = ['email', 'phone_1', 'phone_2', 'phone_3'] as const;

function contactsOf(vars: Vars): [name: string, text: string][] {
  return CONTACTS.map((name): [string, string] => [name, textIn(vars, 'lead', name)]).filter(([, text]) => text !== '');
}

function buildClaim(
  { headers, scanNames }: ClaimKind,
  { vars, tools }: { vars: Vars; tools: ClaimTools },
): OutboundRequest {
  const vendor = textIn(vars, 'trustedform', 'vendor') || textIn(vars, 'source', 'name');
  return {
    method: 'POST',
    url: certificateUrl(vars),
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...headers,
      ...keyHeaders(vars),
    },
    body: encodeForm({
      [scanNames.required]: scanTexts(vars, 'scan_required_text'),
      [scanNames.forbidden]: scanTexts(vars, 'scan_forbidden_text'),
      reference: textIn(vars, 'trustedform', 'custom_reference') || tools.leadUrl(textIn(vars, 'lead', 'id')),
      ...(vendor === '' ? {} : { vendor }),
      scan_delimiter: scanDelimiter(vars),
      ...Object.fromEntries(contactsOf(vars)),
    }),
  };
}

const GONE = 410;
const EXPIRED = 'the certificate was not claimed within its 72-hour window';

function refuseClaim(answer: Members | undefined, status: number): Record<string, unknown> {
  if (status === CREATED) return { outcome: 'error', reason: 'unable to parse response' };
  const text = status === GONE ? EXPIRED : textOf(answer?.['message'] ?? answer?.['reason']);
  return { outcome: 'error', reason: `TrustedForm error - ${text || 'unable to parse response'} (${status})` };
}

const UNAUTHORIZED = 401;

/** A refusal of the third version is a verdict on the lead where it says so, and where the key is none. */
function refuseConsent(answer: Members, status: number): Record<string, unknown> | undefined {
  if (answer['outcome'] !== 'failure' && status !== UNAUTHORIZED) return undefined;
  return { outcome: 'failure', reason: answer['reason'] ?? refuseClaim(answer, status)['reason'] };
}

function readClaim(
  claimed: Members,
  { vars, response, tools }: { vars: Vars; response: OutboundResponse; tools: ClaimTools },
): Record<string, unknown> {
  const cert = membersOf(claimed['cert']);
  const geo = membersOf(cert['geo']);
  const { found, not_found: notFound } = membersOf(claimed['scans']);
  const warnings = describeWarnings(vars, { warnings: claimed['warnings'], found, notFound });
  return {
    outcome: warnings === null ? 'success' : 'failure',
    reason: warnings,
    user_agent: cert['user_agent'],
    browser: cert['browser'],
    os: cert['operating_system'],
    ip: cert['ip'],
    token: cert['token'],
    location: withoutUndefined({
      city: geo['city'],
      country_code: geo['country_code'],
      latitude: geo['lat'],
      longitude: geo['lon'],
      postal_code: geo['postal_code'],
      state: geo['state'],
      time_zone: geo['time_zone'],
    }),
    snapshot_url: cert['snapshot_url'],
    masked_cert_url: claimed['masked_cert_url'],
    is_masked: claimed['masked'],
    expires_at: claimed['expires_at'],
    share_url: claimed['share_url'],
    url: cert['location'],
    domain: hostOf(cert['location']),
    website: withoutUndefined({ location: cert['location'], parent_location: cert['parent_location'] }),
    age_in_seconds: readAge(claimed, cert),
    time_on_page_in_seconds: secondsOf(cert['event_duration']),
    created_at: cert['created_at'],
    scans: withoutUndefined({
      found,
      not_found: notFound,
      num_required_matched: describeRequired(vars, found),
    }),
    duration: response.headers['X-Runtime'],
    warnings: claimed['warnings'],
    ...readFingerprints(vars, { fingerprints: claimed['fingerprints'], tools }),
  };
}

/** From the form to the claim, without the time the visitor spent on the page (measured). */
function readAge(claimed: Members, cert: Members): number | undefined {
  const ms = Date.parse(textOf(claimed['created_at'])) - Date.parse(textOf(cert['created_at']));
  const seconds = Math.round(ms / 1000) - (secondsOf(cert['event_duration']) ?? 0);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Of milliseconds, as a number or a text. */
function secondsOf(ms: unknown): number | undefined {
  const text = textOf(ms).trim();
  const seconds = text === '' ? Number.NaN : Math.round(Number(text) / 1000);
  return Number.isFinite(seconds) ? seconds : undefined;
}

function hostOf(url: unknown): string | undefined {
  const text = textOf(url);
  return URL.canParse(text) ? new URL(text).hostname : undefined;
}

function describeRequired(vars: Vars, found: unknown): string | undefined {
  const required = scanTexts(vars, 'scan_required_text');
  const there = new Set(amongst(found, required));
  return describeShare(
    [...there],
    required.filter((text) => !there.has(text)),
  );
}

/** Those of a list that are sought; the list has what is wanted and what is not in one. */
function amongst(list: unknown, sought: readonly string[]): string[] {
  return Array.isArray(list) ? list.map((text) => textOf(text)).filter((text) => sought.includes(text)) : [];
}

/** Why a claimed certificate does not do; null: it does. */
function describeWarnings(
  vars: Vars,
  { warnings, found, notFound }: { warnings: unknown; found: unknown; notFound: unknown },
): string | null {
  const given = Array.isArray(warnings) ? warnings.map((warning) => textOf(warning)) : [];
  const missing = listOf(notFound, scanTexts(vars, 'scan_required_text'));
  const unwanted = listOf(found, scanTexts(vars, 'scan_forbidden_text'));
  const sentences = [
    given.includes('string not found in snapshot') &&
      `Required scan text not found in TrustedForm snapshot (missing ${missing.length}: '${missing.join(', ')}')`,
    given.includes('string found in snapshot') &&
      `Forbidden scan text found in TrustedForm snapshot (found ${unwanted.length}: '${unwanted.join(', ')}')`,
    given.includes('snapshot scan failed') && 'snapshot scan failed',
  ].filter((sentence) => sentence !== false);
  return sentences.length === 0 ? null : sentences.join('; ');
}

/** Terms come back as they were split, so that none of them need be among those that were sent. */
function listOf(list: unknown, sought: readonly string[]): string[] {
  const own = amongst(list, sought);
  return own.length > 0 || !Array.isArray(list) ? own : list.map((text) => textOf(text));
}

/** The digests of what the visitor typed, compared with those of the lead. */
function readFingerprints(
  vars: Vars,
  { fingerprints, tools }: { fingerprints: unknown; tools: ClaimTools },
): Record<string, unknown> {
  const { matching, non_matching: nonMatching } = membersOf(fingerprints);
  const [same, other] = [textsOf(matching), textsOf(nonMatching)];
  const verdicts = contactsOf(vars).map(([name, text]) => [
    `${name}_fingerprint_matched`,
    same.includes(tools.sha1(text.toLowerCase())),
  ]);
  return { fingerprints_summary: summarise(same.length, other.length), ...Object.fromEntries(verdicts) };
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map((text) => textOf(text)) : [];
}

function summarise(same: number, other: number): string {
  if (same === 0) return other === 0 ? 'No Fingerprinting Data' : 'None Matched';
  return other === 0 ? 'All Matched' : 'Some Matched';
}

function readConsent(claimed: Members, { vars, tools }: { vars: Vars; tools: ClaimTools }): Record<string, unknown> {
  const scans = membersOf(claimed['scans']);
  const [found, notFound] = [scans['required_found'], scans['required_not_found']];
  return {
    outcome: claimed['outcome'] ?? 'success',
    reason: claimed['reason'] ?? null,
    is_masked: claimed['is_masked'] ?? claimed['masked'],
    masked_cert_url: claimed['masked_cert_url'],
    warnings: claimed['warnings'],
    required_scans_found: found,
    required_scans_not_found: notFound,
    forbidden_scans_found: scans['forbidden_found'],
    forbidden_scans_not_found: scans['forbidden_not_found'],
    num_required_matched: describeShare(found, notFound),
    ...readFingerprints(vars, { fingerprints: claimed['fingerprints'], tools }),
  };
}

/** What the third version says of the visit; it spells some names otherwise than the second. */
function readData(cert: Members): Record<string, unknown> {
  const geo = membersOf(cert['approx_ip_geo'] ?? cert['geo']);
  return {
    age_in_seconds: cert['age_seconds'],
    city: geo['city'],
    country_code: geo['country_code'],
    latitude: geo['lat'],
    longitude: geo['lon'],
    postal_code: geo['postal_code'],
    state: geo['state'],
    time_zone: geo['time_zone'],
    browser: nameOf(cert['browser']),
    is_mobile: cert['is_mobile'],
    os: nameOf(cert['operating_system'] ?? cert['os']),
    token: cert['token'],
    time_on_page_in_seconds: secondsOf(cert['event_duration_ms'] ?? cert['event_duration']),
    created_at: cert['created_at'],
    expires_at: cert['expires_at'],
    form_input_method: cert['form_input_method'],
    is_framed: cert['is_framed'] ?? cert['framed'],
    ip: cert['ip'],
    kpm: cert['kpm'],
    wpm: cert['wpm'],
    page_url: cert['page_url'] ?? cert['location'],
    parent_page_url: cert['parent_page_url'] === undefined ? cert['parent_location'] : cert['parent_page_url'],
  };
}

/** A text, or an object with the whole name. */
function nameOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? membersOf(value)['full'] : value;
}
