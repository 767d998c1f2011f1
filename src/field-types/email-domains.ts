import { DISPOSABLE_DOMAINS, FREE_DOMAINS } from './email-domain-lists.ts';

/** Looked at from the left: `a.b.c.d.gmail.com` is found, a longer name has no mailboxes. */
const PARENTS_MAX = 8;

/**
 * What a domain in lower case is known for; its subdomains count too (measured). Disposable counts as free. It is a
 * hint for rules, never a reason to call an address invalid.
 */
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
