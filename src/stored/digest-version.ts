/** Written in `digests.tallies`, `digests.later` and `digests.words` by src/statistics/stored-digest.ts. */
export const DIGEST_VERSION = 1;
