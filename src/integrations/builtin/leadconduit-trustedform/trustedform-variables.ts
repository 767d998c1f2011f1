import type { ModuleVariable } from '../../contract.ts';

type Row = readonly [name: string, type: string, description: string];

function taken(rows: readonly Row[], required: readonly string[] = []): ModuleVariable[] {
  return rows.map(([name, type, description]) => ({ name, type, required: required.includes(name), description }));
}

function appended(rows: readonly Row[]): ModuleVariable[] {
  return rows.map(([name, type, description]) => ({ name, type, description }));
}

const CERTIFICATE = 'lead.trustedform_cert_url';

// biome-ignore format: a table reads better in rows
const SCANS: readonly Row[] = [
  ['trustedform.scan_required_text', 'array', 'Texts that must be on the page'],
  ['trustedform.scan_forbidden_text', 'array', 'Texts that must not be on the page'],
  ['trustedform.scan_delimiter', 'string', 'What separates several texts in one; default |'],
];

// biome-ignore format: a table reads better in rows
const CONTACTS: readonly Row[] = [
  ['lead.email', 'string', 'The e-mail address to compare with the one on the form'],
  ['lead.phone_1', 'string', 'A phone number to compare with those on the form'],
  ['lead.phone_2', 'string', 'A second phone number'],
  ['lead.phone_3', 'string', 'A third phone number'],
];

const VENDOR: Row = ['trustedform.vendor', 'string', 'Who sold the lead; default the name of the source'];
const REFERENCE: Row = [
  'trustedform.custom_reference',
  'string',
  'What the certificate is filed under; default a link to the lead',
];
const API_KEY = 'Key of the TrustedForm account; a stored credential in credential_id is safer';

// biome-ignore format: a table reads better in rows
export const OPERATIONS_VARIABLES: readonly ModuleVariable[] = taken([
  [CERTIFICATE, 'trustedform_url', 'The certificate of the lead'],
  ['lead.email', 'string', 'The e-mail address to compare with the one on the form'],
  ['lead.phone_1', 'string', 'The phone number to compare with the one on the form'],
  ['trustedform.api_key', 'string', API_KEY],
  ['trustedform.retain', 'boolean', 'Keep the certificate'],
  REFERENCE,
  VENDOR,
  ['trustedform.insights', 'boolean', 'Ask for what insights.* selects'],
  ['insights.age', 'boolean', 'Append age_in_seconds'],
  ['insights.browser', 'boolean', 'Append browser_full and user_agent'],
  ['insights.created_timestamp', 'boolean', 'Append created_at'],
  ['insights.domain', 'boolean', 'Append domain'],
  ['insights.expiration_timestamp', 'boolean', 'Append expires_at'],
  ['insights.framed', 'boolean', 'Append is_framed'],
  ['insights.form_input_method', 'boolean', 'Append form_input_method'],
  ['insights.form_input_kpm', 'boolean', 'Append kpm'],
  ['insights.form_input_wpm', 'boolean', 'Append wpm'],
  ['insights.ip_address', 'boolean', 'Append ip'],
  ['insights.location', 'boolean', 'Append city, state, country_code and the other parts of the place'],
  ['insights.masked', 'boolean', 'Append is_masked'],
  ['insights.sensitive_content', 'boolean', 'Append sensitive_hidden_content_elements'],
  ['insights.sensitive_form_fields', 'boolean', 'Append sensitive_hidden_form_elements'],
  ['insights.operating_system', 'boolean', 'Append os_full, os_name and is_mobile'],
  ['insights.parent_page_url', 'boolean', 'Append parent_page_url'],
  ['insights.time_on_page', 'boolean', 'Append time_on_page_in_seconds'],
  ['insights.page_url', 'boolean', 'Append page_url'],
  ['insights.page_scan', 'boolean', 'Look for the texts of trustedform.scan_*'],
  ['insights.bot_detected', 'boolean', 'Append bot_detected'],
  ...SCANS,
  ['trustedform.verify', 'boolean', 'Check the consent language on the page'],
  ['trustedform.advertiser_name', 'string', 'The advertiser that the consent must name'],
], [CERTIFICATE]);

// biome-ignore format: a table reads better in rows
export const OPERATIONS_APPENDED: readonly ModuleVariable[] = appended([
  ['outcome', 'string', 'success, failure or error'],
  ['reason', 'string', 'Why it is no success'],
  ['matched_email', 'string', 'The e-mail address that was compared'],
  ['matched_phone', 'string', 'The phone number that was compared'],
  ['successful_match', 'boolean', 'Is the lead the one on the certificate?'],
  ['email_fingerprint_matched', 'boolean', 'Is the e-mail address the one on the form?'],
  ['phone_fingerprint_matched', 'boolean', 'Is the phone number the one on the form?'],
  ['reference_code', 'string', 'What the certificate is filed under'],
  ['vendor', 'string', 'Who sold the lead'],
  ['previously_retained', 'boolean', 'Was the certificate kept before?'],
  ['expires_at', 'time', 'When the certificate ends'],
  ['masked_cert_url', 'url', 'The certificate without what says where it is from'],
  ['share_url', 'url', 'The certificate for people without an account'],
  ['scans_result', 'boolean', 'Is what must be on the page there, and nothing that must not?'],
  ['required_scans_found', 'array', 'Required texts that are on the page'],
  ['required_scans_not_found', 'array', 'Required texts that are not'],
  ['forbidden_scans_found', 'array', 'Forbidden texts that are on the page'],
  ['forbidden_scans_not_found', 'array', 'Forbidden texts that are not'],
  ['amount_required_matched', 'string', 'all, some or none of the required texts'],
  ['amount_forbidden_matched', 'string', 'all, some or none of the forbidden texts'],
  ['age_in_seconds', 'number', 'Seconds since the visit'],
  ['city', 'string', 'City of the visitor’s address'],
  ['country_code', 'string', 'Country of the visitor’s address'],
  ['latitude', 'number', 'Latitude of the visitor’s address'],
  ['longitude', 'number', 'Longitude of the visitor’s address'],
  ['postal_code', 'postal_code', 'Postal code of the visitor’s address'],
  ['state', 'state', 'State of the visitor’s address'],
  ['time_zone', 'string', 'Time zone of the visitor’s address'],
  ['browser_full', 'string', 'The browser and its version'],
  ['user_agent', 'string', 'The browser as it names itself'],
  ['created_at', 'time', 'When the certificate was made'],
  ['domain', 'string', 'Host of the page'],
  ['time_on_page_in_seconds', 'number', 'How long the visitor was on the page'],
  ['kpm', 'number', 'Keys pressed per minute'],
  ['form_input_method', 'array', 'How the form was filled in: typing, autofill, paste …'],
  ['wpm', 'number', 'Words typed per minute'],
  ['ip', 'string', 'Address of the visitor'],
  ['is_framed', 'boolean', 'Was the form in a frame?'],
  ['is_masked', 'boolean', 'Is it a masked certificate?'],
  ['sensitive_hidden_content_elements', 'number', 'Hidden elements of the page'],
  ['sensitive_hidden_form_elements', 'number', 'Hidden elements of the form'],
  ['os_full', 'string', 'The operating system and its version'],
  ['is_mobile', 'boolean', 'Was it a mobile device?'],
  ['os_name', 'string', 'The operating system'],
  ['page_url', 'string', 'The page with the form'],
  ['parent_page_url', 'string', 'The page around the frame'],
  ['bot_detected', 'boolean', 'Was the form filled in by a program?'],
  ['one_to_one', 'boolean', 'Is the consent for one advertiser alone?'],
  ['verify.languages', 'array', 'The consent texts on the page'],
  ['verify.language_approved', 'boolean', 'Is the text an approved one?'],
  ['verify.form_submitted', 'boolean', 'Was the form sent?'],
  ['verify.success', 'boolean', 'Is the consent as it must be?'],
  ['verify.font_size', 'boolean', 'Is the text large enough?'],
  ['verify.contrast_ratio', 'boolean', 'Does the text stand out enough?'],
  ['verify.opt_in_type', 'boolean', 'Was consent given in an allowed way?'],
]);

export const PEEK_VARIABLES: readonly ModuleVariable[] = taken(
  [[CERTIFICATE, 'string', 'The certificate or ping URL of the lead'], ...SCANS, VENDOR, ...CONTACTS],
  [CERTIFICATE],
);

// biome-ignore format: a table reads better in rows
export const PEEK_APPENDED: readonly ModuleVariable[] = appended([
  ['outcome', 'string', 'success, failure or error'],
  ['reason', 'string', 'Why it is no success'],
  ['billable', 'number', '1 when TrustedForm charges for it, else 0'],
  ['age', 'number', 'Seconds since the visit'],
  ['browser', 'string', 'The browser and its version'],
  ['consented_at', 'time', 'When consent was given'],
  ['created_at', 'time', 'When the certificate was made'],
  ['device', 'string', 'The visitor’s device'],
  ['event_duration', 'number', 'How long the visitor was on the page'],
  ['expires_at', 'time', 'When the certificate ends'],
  ['form_input_method', 'array', 'How the form was filled in'],
  ['framed', 'boolean', 'Was the form in a frame?'],
  ['has_consented', 'boolean', 'Was consent given?'],
  ['city', 'string', 'City of the visitor’s address'],
  ['country_code', 'string', 'Country of the visitor’s address'],
  ['lat', 'number', 'Latitude of the visitor’s address'],
  ['lon', 'number', 'Longitude of the visitor’s address'],
  ['postal_code', 'string', 'Postal code of the visitor’s address'],
  ['state', 'string', 'State of the visitor’s address'],
  ['time_zone', 'string', 'Time zone of the visitor’s address'],
  ['ip', 'string', 'Address of the visitor'],
  ['wpm', 'number', 'Words typed per minute'],
  ['kpm', 'number', 'Keys pressed per minute'],
  ['page_url', 'url', 'The page with the form'],
  ['operating_system', 'string', 'The operating system'],
  ['parent_page_url', 'url', 'The page around the frame'],
  ['cert_id', 'string', 'Id of the certificate'],
  ['user_agent', 'string', 'The browser as it names itself'],
  ['fingerprints_matching', 'array', 'Digests that are on the certificate'],
  ['fingerprints_non_matching', 'array', 'Digests that are not'],
  ['is_masked', 'boolean', 'Is it a masked certificate?'],
  ['scans_found', 'array', 'Texts that are on the page'],
  ['scans_not_found', 'array', 'Texts that are not'],
  ['warnings', 'array', 'What TrustedForm has to remark'],
]);

export const CLAIM_VARIABLES: readonly ModuleVariable[] = taken(
  [
    [CERTIFICATE, 'string', 'The certificate of the lead'],
    ...SCANS,
    VENDOR,
    ['trustedform.api_key', 'credential', API_KEY],
    REFERENCE,
    ...CONTACTS,
  ],
  [CERTIFICATE],
);

// biome-ignore format: a table reads better in rows
const FINGERPRINTS: readonly Row[] = [
  ['fingerprints_summary', 'string', 'All Matched, Some Matched, None Matched or No Fingerprinting Data'],
  ['email_fingerprint_matched', 'boolean', 'Is the e-mail address one of the form?'],
  ['phone_1_fingerprint_matched', 'boolean', 'Is the phone number one of the form?'],
  ['phone_2_fingerprint_matched', 'boolean', 'Is the second phone number one of the form?'],
  ['phone_3_fingerprint_matched', 'boolean', 'Is the third phone number one of the form?'],
  ['warnings', 'array', 'What TrustedForm has to remark'],
];

// biome-ignore format: a table reads better in rows
export const CLAIM_APPENDED: readonly ModuleVariable[] = appended([
  ['outcome', 'string', 'success, failure or error'],
  ['reason', 'string', 'Why it is no success'],
  ['user_agent', 'string', 'The browser as it names itself'],
  ['browser', 'string', 'The browser and its version'],
  ['os', 'string', 'The operating system'],
  ['ip', 'string', 'Address of the visitor'],
  ['token', 'string', 'Id of the certificate'],
  ['location.city', 'string', 'City of the visitor’s address'],
  ['location.country_code', 'string', 'Country of the visitor’s address'],
  ['location.latitude', 'number', 'Latitude of the visitor’s address'],
  ['location.longitude', 'number', 'Longitude of the visitor’s address'],
  ['location.postal_code', 'string', 'Postal code of the visitor’s address'],
  ['location.state', 'string', 'State of the visitor’s address'],
  ['location.time_zone', 'string', 'Time zone of the visitor’s address'],
  ['snapshot_url', 'string', 'The page as the visitor saw it'],
  ['masked_cert_url', 'string', 'The certificate without what says where it is from'],
  ['url', 'string', 'The page with the form'],
  ['website.location', 'string', 'The page with the form'],
  ['website.parent_location', 'string', 'The page around the frame'],
  ['domain', 'string', 'Host of the page'],
  ['age_in_seconds', 'number', 'Seconds from the visit to the claim'],
  ['time_on_page_in_seconds', 'number', 'How long the visitor was on the page'],
  ['created_at', 'time', 'When the certificate was made'],
  ['is_masked', 'boolean', 'Is it a masked certificate?'],
  ['expires_at', 'time', 'When the claim ends'],
  ['share_url', 'url', 'The certificate for people without an account'],
  ['scans.found', 'array', 'Texts that are on the page'],
  ['scans.not_found', 'array', 'Texts that are not'],
  ['scans.num_required_matched', 'string', 'all, some or none of the required texts'],
  ['duration', 'number', 'Seconds the server took'],
  ...FINGERPRINTS,
]);

// biome-ignore format: a table reads better in rows
export const CONSENT_APPENDED: readonly ModuleVariable[] = appended([
  ['outcome', 'string', 'success, failure or error'],
  ['reason', 'string', 'Why it is no success'],
  ['masked_cert_url', 'string', 'The certificate without what says where it is from'],
  ['is_masked', 'boolean', 'Is it a masked certificate?'],
  ['required_scans_found', 'array', 'Required texts that are on the page'],
  ['required_scans_not_found', 'array', 'Required texts that are not'],
  ['num_required_matched', 'string', 'all, some or none of the required texts'],
  ['forbidden_scans_found', 'array', 'Forbidden texts that are on the page'],
  ['forbidden_scans_not_found', 'array', 'Forbidden texts that are not'],
  ...FINGERPRINTS,
]);

// biome-ignore format: a table reads better in rows
export const CONSENT_PLUS_DATA_APPENDED: readonly ModuleVariable[] = [...CONSENT_APPENDED, ...appended([
  ['age_in_seconds', 'number', 'Seconds since the visit'],
  ['city', 'string', 'City of the visitor’s address'],
  ['country_code', 'string', 'Country of the visitor’s address'],
  ['latitude', 'number', 'Latitude of the visitor’s address'],
  ['longitude', 'number', 'Longitude of the visitor’s address'],
  ['postal_code', 'string', 'Postal code of the visitor’s address'],
  ['state', 'string', 'State of the visitor’s address'],
  ['time_zone', 'string', 'Time zone of the visitor’s address'],
  ['browser', 'string', 'The browser and its version'],
  ['is_mobile', 'boolean', 'Was it a mobile device?'],
  ['os', 'string', 'The operating system and its version'],
  ['token', 'string', 'Id of the certificate'],
  ['time_on_page_in_seconds', 'number', 'How long the visitor was on the page'],
  ['created_at', 'time', 'When the certificate was made'],
  ['expires_at', 'time', 'When the certificate ends'],
  ['form_input_method', 'array', 'How the form was filled in'],
  ['is_framed', 'boolean', 'Was the form in a frame?'],
  ['ip', 'string', 'Address of the visitor'],
  ['kpm', 'number', 'Keys pressed per minute'],
  ['wpm', 'number', 'Words typed per minute'],
  ['page_url', 'string', 'The page with the form'],
  ['parent_page_url', 'string', 'The page around the frame'],
])];
