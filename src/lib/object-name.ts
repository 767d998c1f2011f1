/** Both services refuse longer names (S3: 1,024 bytes of UTF-8, Azure: 1,024 characters). */
const NAME_BYTES_MAX = 1_024;

/** Why no object of a store can have this name, as the end of a sentence; undefined: one can. */
export function findObjectNameProblem(name: string): string | undefined {
  if (name === '' || new TextEncoder().encode(name).byteLength > NAME_BYTES_MAX)
    return `is not 1 to ${NAME_BYTES_MAX} bytes long`;
  return findDots(name);
}

/** A URL cannot carry them: its readers take them out, whether they are escaped or not, and the place would be another one. */
export function findDots(text: string): string | undefined {
  return text.split('/').some((part) => part === '.' || part === '..') ? 'has a part that is "." or ".."' : undefined;
}
