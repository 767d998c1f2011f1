/** Inside the console: the router puts /app before it. */
export function buildLeadPath(id: string): string {
  return `/leads/${encodeURIComponent(id)}`;
}
