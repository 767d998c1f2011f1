import { buildAuthorization, parseUrl } from './authorization.ts';
import { exchange, JSON_TYPE } from './exchange.ts';
import { SluiceError } from './sluice-error.ts';
import { withDeadline } from './with-deadline.ts';

export { SluiceError };

/** What became of a lead. It is on disk, whatever its outcome. */
export interface Submission {
  outcome: 'success' | 'failure' | 'error';
  /** Why it is no success. */
  reason?: string;
  lead: { id: string };
  /** In dollars. */
  price: number;
}

export interface SubmitOptions {
  /** For sources that ask for one. */
  key?: string;
  signal?: AbortSignal;
  /** A sender waits for the recipients, each of which may take 30 s. 120 000 unless given. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

const TIMEOUT_MS_DEFAULT = 120_000;

/**
 * Submits one lead to the submit URL of a source (`…/flows/{flow_id}/sources/{source_id}/submit`) and returns what became
 * of it. Throws a SluiceError for a lead that was not taken; it is never sent again by itself: after `timed_out` or
 * `connection_failed` it may have been taken, after 503 it was not (`retryAfterMs` says when to try again).
 * `Answer` is for sources whose module answers in another form.
 */
export function submit<Answer = Submission>(
  url: string,
  values: Readonly<Record<string, unknown>>,
  options: SubmitOptions = {},
): Promise<Answer> {
  const { key, signal, timeoutMs = TIMEOUT_MS_DEFAULT, fetch = globalThis.fetch } = options;
  const { href, pathname } = parseUrl(url);
  const request = {
    method: 'POST',
    url: href,
    name: `POST ${pathname}`,
    headers: {
      'Content-Type': JSON_TYPE,
      Accept: JSON_TYPE,
      ...(key === undefined ? {} : { Authorization: buildAuthorization(key) }),
    },
    body: JSON.stringify(values),
  };
  const tools = { fetch, now: Date.now };
  return withDeadline({ signal, timeoutMs, request: request.name, changes: true }, async (signal) => {
    // The source's module writes the answer; the caller knows its form.
    return (await exchange(request, { tools, signal })).body as Answer;
  });
}
