/** The panel of a cap: what is used of it, and a maximum for this window alone. */
export function buildCapPath(id: string): string {
  return `/caps?cap=${id}`;
}
