/**
 * Gives the values of TrustedForm's scripts the name of the standard field (spec modules b): `xxTrustedFormCertUrl`,
 * in any letter case, becomes `trustedform_cert_url`, over one already there. The ping URLs are always removed; on a
 * ping theirs is the value of `trustedform_cert_url`, before the certificate's. Empty values only disappear.
 * Changes the values it is given.
 */
export function renameTrustedForm(values: Record<string, unknown>, kind: 'submit' | 'ping'): void {
  let certificate: unknown;
  let ping: unknown;
  for (const name of Object.keys(values)) {
    if (name.length !== NAME_LENGTH) continue;
    const lowered = name.toLowerCase();
    if (lowered === CERTIFICATE_NAME) certificate = values[name];
    else if (PING_NAMES.includes(lowered)) ping = values[name];
    else continue;
    delete values[name];
  }
  const renamed = (kind === 'ping' && ping) || certificate;
  if (renamed) values[FIELD] = renamed;
}

const FIELD = 'trustedform_cert_url';
const CERTIFICATE_NAME = 'xxtrustedformcerturl';
const PING_NAMES = ['xxtrustedformpingurl', 'trustedform_ping_url'];
/** All three names have this length, so that other names cost one comparison of numbers. */
const NAME_LENGTH = 20;
