import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';

/** The one host that gets the key of a step, whatever a sender submits as the URL of a certificate. */
const HOST = 'cert.trustedform.com';
/** Certificates of visitors who have not submitted the form yet; only insights may be asked about them. */
const PING_HOST = 'ping.trustedform.com';

/** 40 or 80 characters, or a token that begins with `0.` (spec modules e). */
const ID = /^(?:[\w-]{40}|[\w-]{80}|0\.[\w.-]{1,500})$/;
const URL_FORM = /^https?:\/\/([^/?#@\\\s]+)\/([^/?#\s]+)$/;

/** Why a lead has no certificate that can be asked about, in the measured words; undefined: it has one. */
export function certificateProblem(vars: Vars, { allowsPings }: { allowsPings: boolean }): string | undefined {
  const text = certificateText(vars);
  if (text === '') return 'TrustedForm cert URL must not be blank';
  const certificate = parseCertificate(text);
  const isKnown = certificate !== undefined && (allowsPings || certificate.host === HOST);
  return isKnown ? undefined : 'TrustedForm cert URL must be valid';
}

/**
 * Where a certificate is asked about: always over TLS, because the request carries a key. A step may map
 * `activeprospect.trustedform_url`, the server that stands in the place of TrustedForm's; the lead has no say in it.
 */
export function certificateUrl(vars: Vars): string {
  const certificate = parseCertificate(certificateText(vars));
  const host = certificate?.host ?? HOST;
  return `${otherServer(vars) ?? `https://${host}`}/${certificate?.id ?? ''}`;
}

/** The server that a step names in the place of TrustedForm's; undefined: it names none. */
export function otherServer(vars: Vars): string | undefined {
  const given = isPlainObject(vars['activeprospect']) ? vars['activeprospect'] : {};
  return textOf(given['trustedform_url']).trim().replace(/\/+$/, '') || undefined;
}

function certificateText(vars: Vars): string {
  const { lead } = vars;
  return isPlainObject(lead) ? textOf(lead['trustedform_cert_url']).trim() : '';
}

function parseCertificate(text: string): { host: string; id: string } | undefined {
  const [, host = '', id = ''] = URL_FORM.exec(text) ?? [];
  return (host === HOST || host === PING_HOST) && ID.test(id) ? { host, id } : undefined;
}
