/** A stored document with the version it was written in; absent: 0, from before documents had one. */
export interface Versioned {
  version?: number;
}

/**
 * Checks that this program knows the version of a stored document. Throws where it does not: read as an older one, a
 * document would lose what it has of the newer.
 */
export function assertKnownVersion(stored: unknown, { newest, what }: { what: string; newest: number }): void {
  const { version = 0 } = (stored ?? {}) as Versioned; // any JSON value has a version or none
  if (Number.isInteger(version) && version >= 0 && version <= newest) return;
  throw new Error(
    `${what} has version ${JSON.stringify(version)}, and this program reads versions up to ${newest}: a newer Sluice wrote it and has to read it.`,
  );
}
