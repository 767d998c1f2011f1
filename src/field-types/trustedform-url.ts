import { keepWhole } from './aggregations.ts';
import { component, type FieldType, rawComponent } from './field-type.ts';
import { operatorPairs } from './operator-pairs.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';
import { readWebAddress } from './web-address.ts';

/**
 * A TrustedForm certificate or ping URL. Ids are tokens only the vendor can open, so what a certificate is made
 * from (`type`) and its age are unknown here, and every well-formed id is valid (spec modules d).
 */
export const trustedformUrlType: FieldType = {
  name: 'trustedform_url',
  isMaskable: false,
  components: [
    rawComponent,
    component('type', 'string', 'What the certificate is made from: web, mobile, facebook or masked; empty: unknown'),
    component('cert_id', 'string', 'The id of the certificate'),
    component('is_masked', 'boolean', 'Is the certificate masked?'),
    component('is_web', 'boolean', 'Is it of a web form?'),
    component('is_mobile', 'boolean', 'Is it of a mobile application?'),
    component('is_facebook', 'boolean', 'Is it of a Facebook form?'),
    { ...component('host', 'string', 'The host of the URL'), deprecated: true },
    { ...component('path', 'string', 'The path of the URL, as typed'), deprecated: true },
  ],
  operators: operatorPairs('blank', 'format'),
  parse(value) {
    const raw = textOf(submitted(value));
    if (value === '') return value;
    const url = readWebAddress(raw);
    const typedId = url && idIn(url);
    if (!url || typedId === undefined) return richText(url?.href ?? raw, { raw, valid: false });
    const certId = typedId.length === DIGEST_LENGTH ? typedId.toLowerCase() : typedId;
    const parts = { cert_id: certId, host: url.host, path: `/${typedId}` };
    return richText(`https://${url.host}/${certId}`, { raw, ...UNKNOWN_ORIGIN, ...parts });
  },
  aggregate: keepWhole,
  examples: ['https://cert.trustedform.com/0123456789abcdef0123456789abcdef01234567'],
};

const UNKNOWN_ORIGIN = {
  type: null,
  is_web: false,
  is_mobile: false,
  is_facebook: false,
  is_masked: false,
  valid: true,
};

const HOSTS: ReadonlySet<string> = new Set([
  'cert.trustedform.com',
  'ping.trustedform.com',
  'cert.staging.trustedform.com',
  'ping.staging.trustedform.com',
]);

const ID = /^\/(0\.[\w.-]+|[\w-]{40,})\/?$/;
/** Ids of this length are hexadecimal digests; longer ones distinguish upper and lower case. */
const DIGEST_LENGTH = 40;

/** The id of the certificate as it was typed. */
function idIn(url: URL): string | undefined {
  return url.protocol === 'https:' && HOSTS.has(url.host) ? ID.exec(url.pathname)?.[1] : undefined;
}
