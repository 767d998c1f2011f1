import { decodeLayers } from './decode-layers.ts';

/** Is a submitted parameter of this dotted name, or what lies below it, secret? */
export type IsSecretName = (name: string) => boolean;

/** A flow's senders use a handful of names; the bound keeps a hostile one from filling memory. */
const KNOWN_MAX = 1_000;
/** Longer names are no names; their beginning is looked at. */
const NAME_CHARACTERS_MAX = 500;
const PARTS_MAX = 40;

/**
 * Recognises the names of secret fields in any wrapping: `SSN`, `lead.ssn`, `ssn[]`, `ssn[0]`, `s%73n`, `applicant[ssn]`.
 * Letter case, marks, encodings and places in lists are not compared, and what stands around the name does not count.
 * `isPlain` recognises a name that belongs to a field that is not masked; it is that field and nothing else.
 */
export function buildSecretNames(ids: Iterable<string>, isPlain: (name: string) => boolean): IsSecretName {
  const sought = new Set([...ids].map((id) => splitName(id).join('')).filter((id) => id !== ''));
  const known = new Map<string, boolean>();
  return (name) => {
    if (sought.size === 0) return false;
    const verdict = known.get(name);
    if (verdict !== undefined) return verdict;
    const isSecret = !isPlain(name) && isWrapped(splitName(name.slice(0, NAME_CHARACTERS_MAX)), sought);
    if (known.size < KNOWN_MAX) known.set(name, isSecret);
    return isSecret;
  };
}

/** The words of a name without case and marks; places in lists are none. */
function splitName(name: string): string[] {
  return decodeLayers(name)
    .normalize('NFKC')
    .toLowerCase()
    .split(/[.[\]/:\n]/)
    .map((part) => part.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter((part) => part !== '' && !/^\d+$/.test(part))
    .slice(0, PARTS_MAX);
}

/** Do some neighbouring parts make one of the names? */
function isWrapped(parts: readonly string[], sought: ReadonlySet<string>): boolean {
  for (let from = 0; from < parts.length; from += 1) {
    let joined = '';
    for (const part of parts.slice(from)) {
      joined += part;
      if (sought.has(joined)) return true;
    }
  }
  return false;
}
