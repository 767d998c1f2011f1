/**
 * Domains that give addresses away, and those that throw them away; their subdomains count too. A modest list of
 * our own: it is a hint for rules, never a reason to call an address invalid. `test.com` is free and
 * `protonmail.com` is not, as in the reference (spec modules d, measured).
 */
const FREE_DOMAINS: ReadonlySet<string> = new Set([
  'aim.com',
  'aol.com',
  'att.net',
  'bellsouth.net',
  'bigpond.com',
  'btinternet.com',
  'comcast.net',
  'cox.net',
  'earthlink.net',
  'email.com',
  'fastmail.com',
  'free.fr',
  'gmail.com',
  'gmx.at',
  'gmx.com',
  'gmx.de',
  'gmx.net',
  'googlemail.com',
  'hotmail.ca',
  'hotmail.co.uk',
  'hotmail.com',
  'hotmail.de',
  'hotmail.es',
  'hotmail.fr',
  'hotmail.it',
  'hushmail.com',
  'icloud.com',
  'inbox.com',
  'juno.com',
  'laposte.net',
  'libero.it',
  'live.ca',
  'live.co.uk',
  'live.com',
  'live.fr',
  'mac.com',
  'mail.com',
  'mail.ru',
  'me.com',
  'msn.com',
  'netscape.net',
  'netzero.net',
  'orange.fr',
  'outlook.com',
  'qq.com',
  'rediffmail.com',
  'rocketmail.com',
  'rogers.com',
  'sbcglobal.net',
  'shaw.ca',
  'sky.com',
  'sympatico.ca',
  't-online.de',
  'test.com',
  'usa.com',
  'verizon.net',
  'web.de',
  'yahoo.ca',
  'yahoo.co.in',
  'yahoo.co.jp',
  'yahoo.co.uk',
  'yahoo.com',
  'yahoo.com.au',
  'yahoo.com.br',
  'yahoo.com.mx',
  'yahoo.de',
  'yahoo.es',
  'yahoo.fr',
  'yahoo.it',
  'yandex.com',
  'yandex.ru',
  'ymail.com',
  'zoho.com',
]);

const DISPOSABLE_DOMAINS: ReadonlySet<string> = new Set([
  '10minutemail.com',
  'dispostable.com',
  'emailondeck.com',
  'fakeinbox.com',
  'getairmail.com',
  'getnada.com',
  'guerrillamail.com',
  'guerrillamail.info',
  'guerrillamail.net',
  'guerrillamail.org',
  'maildrop.cc',
  'mailinator.com',
  'mailinator.net',
  'mailnesia.com',
  'mintemail.com',
  'mytemp.email',
  'sharklasers.com',
  'spam4.me',
  'spambox.us',
  'spamgourmet.com',
  'temp-mail.org',
  'tempmail.com',
  'tempr.email',
  'throwawaymail.com',
  'trashmail.com',
  'trashmail.net',
  'yopmail.com',
  'yopmail.fr',
]);

/** Looked at from the left: `a.b.c.d.gmail.com` is found, a longer name is nobody's mailbox. */
const PARENTS_MAX = 8;

/** What a domain in lower case is known for. Disposable counts as free. */
export function knownDomain(domain: string): { isFree: boolean; isDisposable: boolean } {
  let name = domain;
  for (let i = 0; i < PARENTS_MAX; i += 1) {
    if (DISPOSABLE_DOMAINS.has(name)) return { isFree: true, isDisposable: true };
    if (FREE_DOMAINS.has(name)) return { isFree: true, isDisposable: false };
    const dot = name.indexOf('.');
    if (dot === -1) break;
    name = name.slice(dot + 1);
  }
  return { isFree: false, isDisposable: false };
}
