const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}._-]*(?::[\p{L}_][\p{L}\p{M}\p{N}._-]*)?$/u;

/** A name with or without a prefix. Not every name XML allows, but every one that is safe to write. */
export function isXmlName(name: string): boolean {
  return NAME.test(name);
}
