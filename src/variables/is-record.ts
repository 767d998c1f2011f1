/** Is this an object with named values, rather than a list, a scalar or null? Boxed rich values count as records. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
