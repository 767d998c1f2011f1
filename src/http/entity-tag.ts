const TAGS_MAX = 100;

/**
 * Does `If-None-Match` have the tag (RFC 9110, 13.1.2)? A proxy that compresses makes a tag weak; what it names is the same.
 */
export function hasTag(given: string | undefined, tag: string): boolean {
  const tags = (given ?? '').split(',', TAGS_MAX).map((each) => each.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}
