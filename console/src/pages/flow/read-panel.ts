const ID = /^[0-9a-f]{24}$/;

/** The source whose links are shown; whatever is no id is left out. */
export function readPanel(search: Record<string, unknown>): { source?: string } {
  const { source } = search;
  return typeof source === 'string' && ID.test(source) ? { source } : {};
}
