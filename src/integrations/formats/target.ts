/** What a request's `uri` says: which address was called and with which query. */
export interface Target {
  kind: 'submit' | 'ping';
  /** Without the question mark; '' when there is none. */
  query: string;
}

/** Splits path and query. A ping is a path that ends in `/ping` exactly (spec modules b). A fragment is dropped. */
export function parseTarget(uri: string): Target {
  const hash = uri.indexOf('#');
  const sent = hash === -1 ? uri : uri.slice(0, hash);
  const mark = sent.indexOf('?');
  const path = mark === -1 ? sent : sent.slice(0, mark);
  return { kind: path.endsWith('/ping') ? 'ping' : 'submit', query: mark === -1 ? '' : sent.slice(mark + 1) };
}
