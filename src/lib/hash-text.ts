/**
 * A short name of a text: 14 digits of base 36, the same everywhere. Not for secrets; two texts of one owner have the same
 * name once in 10^15 (FNV-1a of 32 bits, twice from different beginnings).
 */
export function hashText(text: string): string {
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x3c6ef372);
}

function fnv1a(text: string, beginning: number): string {
  let hash = beginning;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(7, '0');
}
