/** See compile-cache.js. */
export function useCompileCache(start: {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** `enableCompileCache` of Node; null: it has none. */
  enable?: ((directory: string) => unknown) | null;
  /** Of this process; undefined: its system has none. */
  uid?: number | undefined;
}): string | null;
