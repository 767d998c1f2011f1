/** What is probably wrong, by what a reason or an answer says. */
export const CAUSES = [
  'timeout',
  'dns',
  'tls',
  'connection',
  'credentials',
  'server_error',
  'refused_request',
  'unreadable_answer',
  'circuit_open',
  'switched_off',
  'our_server',
] as const;
export type Cause = (typeof CAUSES)[number];

/**
 * By the class of a reason, the first that matches. The sentences are those of `http-client/failure-reason.ts`, of the modules,
 * and of recipients, whose words nobody can list: what matches none has no suspected cause.
 */
const BY_REASON: readonly (readonly [RegExp, Cause])[] = [
  [/circuit/i, 'circuit_open'],
  [/flow is disabled|not enabled|switched off/i, 'switched_off'],
  [/server was stopped|server is stopping|the integration failed/i, 'our_server'],
  [/is not a known host name|could not be resolved/i, 'dns'],
  // Not `certificate`: TrustedForm has those, and a buyer that refuses one is a business that says no.
  [/\btls\b|\bssl\b/i, 'tls'],
  [
    /answered something that is not HTTP|a length that is not that|more headers than are read|(unreadable|malformed|invalid) (answer|response|json|xml)|unexpected token/i,
    'unreadable_answer',
  ],
  [/did not answer within|no connection to .* in time|timed? ?out/i, 'timeout'],
  [
    /refused the connection|ended the connection|no connection to|no public address|connection (refused|reset)/i,
    'connection',
  ],
  [
    /unauthori[sz]ed|forbidden|unable to authenticate|authentication|(invalid|wrong|expired|missing|unknown|bad) (api[ _-]?)?(key|token|password|credentials?)|access denied/i,
    'credentials',
  ],
  [/server error|service unavailable|bad gateway|endpoint failed/i, 'server_error'],
  [/answered with status|method not allowed|too many requests|rate limit/i, 'refused_request'],
];

export function causeOfReason(reasonClass: string): Cause | null {
  return BY_REASON.find(([pattern]) => pattern.test(reasonClass))?.[1] ?? null;
}

/** What the status of an answer says; null: nothing. */
export function causeOfStatus(status: number | null): Cause | null {
  if (status === null) return null;
  if (status === 401 || status === 403 || status === 407) return 'credentials';
  if (status >= 500 && status < 600) return 'server_error';
  return status >= 400 && status < 500 ? 'refused_request' : null;
}

/** Refusals that a business does not make: a recipient that says no in these words has a fault, or we have one. */
const FAULTS: ReadonlySet<Cause> = new Set([
  'timeout',
  'dns',
  'tls',
  'connection',
  'credentials',
  'server_error',
  'refused_request',
  'unreadable_answer',
]);

/** Is the `failure` of a delivery a fault of a connection, a key or a program, by its reason (decision page 0105)? */
export function looksLikeFault(reasonClass: string): boolean {
  const cause = causeOfReason(reasonClass);
  return cause !== null && FAULTS.has(cause);
}
