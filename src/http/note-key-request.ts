import type { KeyRequestLog } from '../access/key-request-log.ts';
import type { Clock } from '../lib/clock.ts';
import type { ApiCall } from './register-api.ts';

/** Hands a call to the request log of the key that made it; one of a person or of a stranger has none. */
export function noteKeyRequest(
  { principal, operation, method, path, status, ms, traceId, bytes }: ApiCall,
  { keyRequests, clock }: { keyRequests: Pick<KeyRequestLog, 'add'>; clock: Pick<Clock, 'now'> },
): void {
  if (principal?.actor.kind !== 'key') return;
  const { accountId, actor } = principal;
  const asked = { operation, method, path, status, ms, traceId, bytes };
  keyRequests.add({ ...asked, accountId, keyId: actor.id, at: clock.now() });
}
