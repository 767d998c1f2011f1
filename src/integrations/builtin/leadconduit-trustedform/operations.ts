import type { Vars } from '../../../model/vars.ts';
import { isTruthy, textOf } from '../../../variables/rich-value.ts';
import type { OutboundRequest, OutboundResponse } from '../../contract.ts';
import { certificateUrl } from './certificate.ts';
import { findStepKey, keyHeaders, MissingKeyError, NO_KEY } from './step-key.ts';
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

/** The mappings `insights.*` and what each asks for, in the order in which they are asked (spec modules e). */
// biome-ignore format: a table reads better in rows
const PROPERTIES: readonly (readonly [mapping: string, property: string])[] = [
  ['age', 'age_seconds'],
  ['location', 'approx_ip_geo'],
  ['browser', 'browser'],
  ['created_timestamp', 'created_at'],
  ['domain', 'domain'],
  ['expiration_timestamp', 'expires_at'],
  ['form_input_kpm', 'form_input_kpm'],
  ['form_input_method', 'form_input_method'],
  ['form_input_wpm', 'form_input_wpm'],
  ['ip_address', 'ip'],
  ['framed', 'is_framed'],
  ['masked', 'is_masked'],
  ['sensitive_content', 'num_sensitive_content_elements'],
  ['sensitive_form_fields', 'num_sensitive_form_elements'],
  ['operating_system', 'os'],
  ['page_url', 'page_url'],
  ['parent_page_url', 'parent_page_url'],
  ['time_on_page', 'seconds_on_page'],
  ['bot_detected', 'bot_detected'],
];

const VERSION_HEADER = { 'Content-Type': 'application/json', 'api-version': '4.0' };

/** Why a step asks for nothing that TrustedForm could do; undefined: it asks for something. */
export function operationsProblem(vars: Vars): string | undefined {
  const [retain, insights, verify] = [asksFor(vars, 'retain'), asksFor(vars, 'insights'), asksFor(vars, 'verify')];
  if (!retain && !insights && !verify) return 'a TrustedForm product must be selected';
  if (retain && Object.keys(contactsOf(vars)).length === 0)
    return 'an email address or phone number is required to use TrustedForm Retain';
  if (insights && listProperties(vars).length === 0 && !scansPage(vars))
    return 'no properties selected for TrustedForm Insights';
  return undefined;
}

/** One call for everything that is selected: the certificate's own URL gets what to do (spec api 20). */
export function buildOperations(vars: Vars, { leadUrl }: { leadUrl(leadId: string): string }): OutboundRequest {
  if (findStepKey(vars) === '') throw new MissingKeyError(NO_KEY);
  const contacts = contactsOf(vars);
  const body = withoutUndefined({
    match_lead: asksFor(vars, 'retain') && Object.keys(contacts).length > 0 ? contacts : undefined,
    retain: asksFor(vars, 'retain') && Object.keys(contacts).length > 0 ? buildRetain(vars, leadUrl) : undefined,
    insights: asksFor(vars, 'insights') ? buildInsights(vars) : undefined,
    verify: asksFor(vars, 'verify') ? buildVerify(vars) : undefined,
  });
  return {
    method: 'POST',
    url: certificateUrl(vars),
    body: JSON.stringify(body),
    headers: { ...VERSION_HEADER, ...keyHeaders(vars) },
  };
}

function asksFor(vars: Vars, product: 'retain' | 'insights' | 'verify'): boolean {
  return isTruthy(membersOf(vars['trustedform'])[product]);
}

function scansPage(vars: Vars): boolean {
  return isTruthy(membersOf(vars['insights'])['page_scan']);
}

function contactsOf(vars: Vars): Record<string, string> {
  const [email, phone] = [textIn(vars, 'lead', 'email'), textIn(vars, 'lead', 'phone_1')];
  return { ...(email === '' ? {} : { email }), ...(phone === '' ? {} : { phone }) };
}

/** The reference leads from the certificate to the lead. */
function buildRetain(vars: Vars, leadUrl: (leadId: string) => string): Members {
  return withoutUndefined({
    reference: textIn(vars, 'trustedform', 'custom_reference') || leadUrl(textIn(vars, 'lead', 'id')),
    vendor: textIn(vars, 'trustedform', 'vendor') || textIn(vars, 'source', 'name') || undefined,
  });
}

function buildInsights(vars: Vars): Members {
  return withoutUndefined({
    properties: listProperties(vars),
    scans: scansPage(vars) ? buildScans(vars) : undefined,
  });
}

function listProperties(vars: Vars): string[] {
  const selected = membersOf(vars['insights']);
  return PROPERTIES.filter(([mapping]) => isTruthy(selected[mapping])).map(([, property]) => property);
}

function buildScans(vars: Vars): Members {
  return withoutUndefined({
    required: asMapped(vars, 'scan_required_text'),
    forbidden: asMapped(vars, 'scan_forbidden_text'),
    delimiter: scanDelimiter(vars),
  });
}

/** One text stays a text (measured). */
function asMapped(vars: Vars, name: 'scan_required_text' | 'scan_forbidden_text'): string[] | string | undefined {
  const texts = scanTexts(vars, name);
  if (texts.length === 0) return undefined;
  return Array.isArray(membersOf(vars['trustedform'])[name]) ? texts : texts[0];
}

function buildVerify(vars: Vars): Members {
  return withoutUndefined({ advertiser_name: textIn(vars, 'trustedform', 'advertiser_name') || undefined });
}

const UNREADABLE = { outcome: 'error', reason: 'unable to parse response' };

/** Everything the operations found, flat, as the measured module appends it (spec modules e). */
export function readOperations(vars: Vars, { status, body }: OutboundResponse): Record<string, unknown> {
  const answer = status >= 500 ? undefined : parseAnswer(body);
  if (answer === undefined) return { ...UNREADABLE };
  const ended = withoutUndefined({ outcome: answer['outcome'], reason: answer['reason'] });
  if (status !== 200) return ended;
  const verified = readVerify(answer);
  if (verified === undefined) return { ...UNREADABLE };
  return withoutUndefined({
    ...ended,
    ...readMatch(membersOf(answer['match_lead'])),
    ...readRetain(membersOf(answer['retain'])),
    ...readScans(vars, membersOf(membersOf(answer['insights'])['scans'])),
    ...readProperties(answer),
    ...verified,
  });
}

function readMatch({ email, phone, result }: Members): Members {
  const { success, email_match: emailMatch, phone_match: phoneMatch } = membersOf(result);
  return {
    matched_email: email,
    matched_phone: phone,
    successful_match: success,
    email_fingerprint_matched: emailMatch,
    phone_fingerprint_matched: phoneMatch,
  };
}

function readRetain({ reference, vendor, results }: Members): Members {
  const kept = membersOf(results);
  return {
    reference_code: reference,
    vendor,
    previously_retained: kept['previously_retained'],
    masked_cert_url: kept['masked_cert_url'],
    share_url: kept['share_url'],
  };
}

function readScans(vars: Vars, { result }: Members): Members {
  const results = membersOf(result);
  const [wanted, unwanted] = [membersOf(results['required']), membersOf(results['forbidden'])];
  const shares = {
    amount_required_matched: describeShare(wanted['found'], wanted['not_found']),
    amount_forbidden_matched: describeShare(unwanted['found'], unwanted['not_found']),
  };
  return {
    scans_result: results['success'],
    required_scans_found: wanted['found'],
    required_scans_not_found: wanted['not_found'],
    forbidden_scans_found: unwanted['found'],
    forbidden_scans_not_found: unwanted['not_found'],
    ...(scansPage(vars) ? shares : {}),
  };
}

/** A certificate that is retained is kept until the retention ends, any other until its own end. */
function readProperties(answer: Members): Members {
  const found = membersOf(membersOf(answer['insights'])['properties']);
  const [geo, browser, os] = [membersOf(found['approx_ip_geo']), membersOf(found['browser']), membersOf(found['os'])];
  const kept = membersOf(membersOf(answer['retain'])['results']);
  return {
    expires_at: kept['expires_at'] === undefined ? found['expires_at'] : kept['expires_at'],
    age_in_seconds: found['age_seconds'],
    city: geo['city'],
    country_code: geo['country_code'],
    latitude: geo['lat'],
    longitude: geo['lon'],
    postal_code: geo['postal_code'],
    state: geo['state'],
    time_zone: geo['time_zone'],
    browser_full: browser['full'],
    user_agent: browser['user_agent'],
    created_at: found['created_at'],
    domain: found['domain'],
    time_on_page_in_seconds: found['seconds_on_page'],
    kpm: found['form_input_kpm'],
    form_input_method: found['form_input_method'],
    wpm: found['form_input_wpm'],
    ip: found['ip'],
    is_framed: found['is_framed'],
    is_masked: found['is_masked'],
    sensitive_hidden_content_elements: found['num_sensitive_content_elements'],
    sensitive_hidden_form_elements: found['num_sensitive_form_elements'],
    os_full: os['full'],
    is_mobile: os['is_mobile'],
    os_name: os['name'],
    page_url: found['page_url'],
    parent_page_url: found['parent_page_url'],
    bot_detected: found['bot_detected'],
  };
}

/** undefined: it has results without the languages they are about, which is no answer (spec modules e). */
function readVerify({ verify }: Members): Members | undefined {
  const { languages, result } = membersOf(verify);
  if (languages === undefined && result === undefined) return {};
  if (!Array.isArray(languages)) return undefined;
  const verified = membersOf(result);
  return {
    one_to_one: verified['one_to_one'],
    verify: withoutUndefined({
      languages: languages.map((language: unknown) => textOf(membersOf(language)['text'])),
      form_submitted: verified['form_submitted'],
      language_approved: verified['language_approved'],
      font_size: verified['min_font_size_px_satisfied'],
      contrast_ratio: verified['min_contrast_ratio_satisfied'],
      opt_in_type: verified['opt_in_types_satisfied'],
      success: verified['success'],
    }),
  };
}
