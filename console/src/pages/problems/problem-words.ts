import type { Problem, ProblemDetails, Retried } from '../../api/problems.ts';

type Named = { id: string; name?: string | undefined } | null;

export function nameOf(thing: Named): string {
  return thing?.name ?? thing?.id ?? '';
}

/** What fails, as a heading: `Deliveries to Cloud CRM fail`. */
export function titleOf({ kind, recipient, source }: Pick<Problem, 'kind' | 'recipient' | 'source'>): string {
  if (kind === 'delivery') return `Deliveries to ${nameOf(recipient)} fail`;
  if (kind === 'feedback') return `Feedback does not reach ${nameOf(source)}`;
  return `Leads of ${nameOf(source)} end in errors`;
}

/**
 * What the failures say, without what differs among them. Of an open circuit that is what matters: its newest failure, where it is
 * read, has the host and the counts.
 */
export function reasonOf({
  reason_class: reason,
  cause,
  samples = [],
}: Pick<Problem, 'reason_class' | 'cause'> & Partial<Pick<ProblemDetails, 'samples'>>): string {
  if (reason === '') return 'No reason was given';
  if (cause !== 'circuit_open' || !reason.includes('…')) return reason;
  const said = samples.find((sample) => sample.reason && !sample.reason.includes('…'))?.reason;
  return said?.split('; ')[0] ?? 'The circuit is open: too many deliveries failed';
}

type Cause = NonNullable<Problem['cause']>;

/** What is probably wrong, and what to do next. */
export const CAUSES: Readonly<Record<Cause, { word: string; advice: string }>> = {
  timeout: {
    word: 'No answer in time',
    advice: 'The recipient is slow or stuck. Ask who runs it, or give the step more time.',
  },
  dns: {
    word: 'Unknown host name',
    advice: 'The host name cannot be found. Compare the URL of the step with the recipient’s documents.',
  },
  tls: {
    word: 'No trustworthy TLS',
    advice: 'The certificate of the recipient has expired or is of another name. The recipient must renew it.',
  },
  connection: {
    word: 'Connection failed',
    advice: 'The recipient refuses or ends connections. Ask who runs it, and whether your server’s address is allowed.',
  },
  credentials: {
    word: 'Key or password refused',
    advice: 'The recipient does not accept the credential. Renew it, test it, then retry the leads.',
  },
  server_error: {
    word: 'Server error (5xx)',
    advice: 'The recipient’s own server fails. Wait until it is repaired, then retry the leads.',
  },
  refused_request: {
    word: 'Request refused (4xx)',
    advice: 'The recipient refuses the request as it is sent. Compare URL and fields with its documents.',
  },
  unreadable_answer: {
    word: 'Unreadable answer',
    advice: 'The recipient answered something that cannot be read. Ask whether its interface has changed.',
  },
  circuit_open: {
    word: 'Sending is paused',
    advice: 'So many deliveries failed that sending is paused. It goes on by itself when a test delivery succeeds.',
  },
  switched_off: {
    word: 'Flow switched off',
    advice: 'Its sources still send. Switch the flow on, or tell the sources to stop.',
  },
  our_server: {
    word: 'This server',
    advice: 'The fault is on this server: it was stopped, or a module failed. Its log has more.',
  },
};

/** Of a state that somebody can set, what the button says. */
export const STATE_WORDS = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  muted: 'Muted',
  resolved: 'Resolved',
} as const;

/** What becomes of leads that are tried again, in the order in which it is told. */
export const PLANS: readonly { name: Exclude<keyof Retried['counts'], 'leads'>; word: string; isTried: boolean }[] = [
  { name: 'delivered_again', word: 'are delivered again: their retry is due at once', isTried: true },
  { name: 'resubmitted', word: 'go through their flow again, as new leads', isTried: true },
  { name: 'succeeded', word: 'were a success without this delivery and are left alone', isTried: false },
  { name: 'sent_again', word: 'were sent again before and are left alone', isTried: false },
  { name: 'delivered_since', word: 'have been delivered since', isTried: false },
  { name: 'under_way', word: 'are being delivered now', isTried: false },
  { name: 'unknown', word: 'may have arrived: say what became of them under Unknown results', isTried: false },
  { name: 'refused', word: 'were refused: another lead has their place in a cap or a list', isTried: false },
];

/** `1 lead`, `12 leads`. */
export function countLeads(leads: number): string {
  return `${new Intl.NumberFormat('en-US').format(leads)} ${leads === 1 ? 'lead' : 'leads'}`;
}

/** `38 failures of 30 leads`: a lead that was tried again has failed more than once. */
export function countProblem({ events, leads }: Pick<Problem, 'events' | 'leads'>): string {
  return `${countFailures(events)} of ${countLeads(leads)}`;
}

/** How many of its leads a retry tries again. */
export function countTried({ counts }: Retried): number {
  return PLANS.filter(({ isTried }) => isTried).reduce((sum, { name }) => sum + (counts[name] ?? 0), 0);
}

/** `1 failure`, `1,200 failures`. */
export function countFailures(failures: number): string {
  return `${new Intl.NumberFormat('en-US').format(failures)} ${failures === 1 ? 'failure' : 'failures'}`;
}
