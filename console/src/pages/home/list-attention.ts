import type { ApiKey, CapCounter, Job, RecipientHealth, Report } from '../../../../client/src/client.ts';
import type { Problem, ProblemList } from '../../api/problems.ts';
import { buildCapPath } from '../../parts/build-cap-path.ts';
import { describeFilling, fullnessOf, type ZonedNow } from '../../parts/cap-words.ts';
import { formatRelative } from '../../parts/format-time.ts';
import { countFailures, titleOf } from '../problems/problem-words.ts';

/** Somebody should look at it: what it is in a sentence, and where. */
export interface AttentionItem {
  key: string;
  /** A status of parts/statuses.ts. */
  status: 'error' | 'unknown' | 'retry' | 'waiting' | 'paused' | 'open';
  /** What kind of thing it is, beside the icon. */
  word: string;
  title: string;
  detail: string;
  /** Inside the console; null: there is no page for it. */
  to: string | null;
}

/** What was read; absent: the person may not, or it could not be read. */
export interface AttentionGiven extends ZonedNow {
  problems?: ProblemList | undefined;
  caps?: readonly CapCounter[] | undefined;
  /** How many results are unknown, counted up to `unknownsMax`. */
  unknowns?: number | undefined;
  unknownsMax: number;
  health?: readonly RecipientHealth[] | undefined;
  keys?: readonly ApiKey[] | undefined;
  jobs?: readonly Job[] | undefined;
  reports?: readonly Report[] | undefined;
  /** Of flows and recipients. */
  nameOf: (id: string) => string;
}

/** The most urgent first: what loses leads or money now, then what will, then what waits for a person. */
export function listAttention(given: AttentionGiven): AttentionItem[] {
  return [
    ...listCircuits(given),
    ...listCaps(given),
    ...listProblems(given),
    ...listUnknowns(given),
    ...listJobs(given),
    ...listReports(given),
    ...listKeys(given),
  ];
}

function listCircuits({ health = [], nameOf, now }: AttentionGiven): AttentionItem[] {
  const open = new Map(health.filter(({ state }) => state !== 'closed').map((each) => [each.recipient_id, each]));
  return [...open.values()].map(({ recipient_id: id, origin, errors, requests, next_probe_at: probeAt }) => ({
    key: `circuit ${id}`,
    status: 'error',
    word: 'Not sent',
    title: `Nothing is sent to ${nameOf(id)}`,
    detail: `${errors} of ${requests} requests to ${origin} failed. ${sayProbe(probeAt, now)}`.trim(),
    to: `/recipients/${id}`,
  }));
}

function sayProbe(probeAt: string | null, now: number): string {
  if (probeAt === null) return '';
  const isDue = Date.parse(probeAt) <= now;
  return isDue ? 'The next lead tries again.' : `One is tried ${formatRelative(new Date(probeAt), new Date(now))}.`;
}

/** What happened since the numbers were read is just now. */
function formatAgo(at: string, now: number): string {
  return Date.parse(at) >= now ? 'just now' : formatRelative(new Date(at), new Date(now));
}

function listProblems({ problems, now }: AttentionGiven): AttentionItem[] {
  if (problems === undefined) return [];
  const found = new Map<string, [Problem, ...Problem[]]>();
  for (const problem of problems.problems) {
    const { id, kind, recipient, source } = problem;
    const whose = `${kind} ${(kind === 'delivery' ? recipient : source)?.id ?? id}`;
    const others = found.get(whose);
    found.set(whose, others ? [...others, problem] : [problem]);
  }
  const shown = [...found.values()].map((each) => describeProblems(each, now));
  const more = problems.total - problems.problems.length;
  if (more <= 0) return shown;
  const rest: AttentionItem = {
    ...{ key: 'problems', status: 'error', word: 'Problem', to: '/problems' },
    title: more === 1 ? 'One more open problem' : `${more} more open problems`,
    detail: 'All of them, with what is probably wrong',
  };
  return [...shown, rest];
}

/** A recipient or a source that is broken fails in several ways, and is one thing to look at. */
function describeProblems(found: readonly [Problem, ...Problem[]], now: number): AttentionItem {
  const [{ id, recipient }] = found;
  const seen = found.map(({ last_seen: at }) => at).sort();
  const failures = countFailures(found.reduce((sum, { events }) => sum + events, 0));
  const all = recipient === null ? '/problems' : `/problems?recipient_id=${recipient.id}`;
  return {
    ...{ key: `problem ${id}`, status: 'error', word: 'Problem', title: titleOf(found[0]) },
    detail: `${failures}${found.length === 1 ? '' : ` in ${found.length} ways`}, last ${formatAgo(seen.at(-1) ?? '', now)}`,
    to: found.length === 1 ? `/problems/${id}` : all,
  };
}

function listUnknowns({ unknowns = 0, unknownsMax }: AttentionGiven): AttentionItem[] {
  if (unknowns === 0) return [];
  const count = unknowns >= unknownsMax ? `${unknowns} deliveries or more` : `${unknowns} deliveries`;
  return [
    {
      ...{ key: 'unknowns', status: 'unknown', word: 'Unknown', to: '/unknowns' },
      title: unknowns === 1 ? 'One delivery may have arrived' : `${count} may have arrived`,
      detail: 'Say what became of them: they are not sent again until then',
    },
  ];
}

/** From this share of a cap on a person is told before it is full. */
const NEAR = 0.8;

function listCaps({ caps = [], nameOf, now, zone }: AttentionGiven): AttentionItem[] {
  const fullness = (cap: CapCounter) => fullnessOf(cap);
  return caps
    .filter((cap) => fullness(cap) >= NEAR || cap.forecast.fills_at !== null)
    .toSorted((one, other) => fullness(other) - fullness(one))
    .map((cap) => ({
      key: `cap ${cap.id}`,
      status: fullness(cap) >= 1 ? 'open' : 'retry',
      word: fullness(cap) >= 1 ? 'Cap full' : 'Cap near',
      title: `${cap.name ?? 'A cap'} is ${describeFilling(cap, { now, zone })}`,
      detail: `Of ${nameOf(cap.flow_id)}${cap.failed_count > 0 ? `; it refused ${cap.failed_count} so far` : ''}`,
      to: buildCapPath(cap.id),
    }));
}

const FAILED_MS = 86_400_000;
/** A job under way says how far it is more often. */
const STUCK_MS = 10 * 60_000;

function listJobs({ jobs = [], now }: AttentionGiven): AttentionItem[] {
  return jobs.flatMap((job): AttentionItem[] => {
    const base = { key: `job ${job.id}`, to: `/jobs/${job.id}`, word: 'Job' };
    const age = now - Date.parse(job.updated_at);
    const detail = `${job.kind.replaceAll('-', ' ')}, ${formatAgo(job.updated_at, now)}`;
    if (job.state === 'waiting') return [{ ...base, status: 'waiting', title: 'A job waits to be confirmed', detail }];
    if (job.state === 'paused') return [{ ...base, status: 'paused', title: 'A job is paused', detail }];
    if (job.state === 'failed' && age < FAILED_MS)
      return [{ ...base, status: 'error', title: 'A job failed', detail: job.reason ?? detail }];
    if (job.state === 'running' && age > STUCK_MS)
      return [{ ...base, status: 'error', title: 'A job does not go on', detail }];
    return [];
  });
}

function listReports({ reports = [] }: AttentionGiven): AttentionItem[] {
  return reports.flatMap(({ id, name, mail_fault: fault }): AttentionItem[] =>
    fault === null
      ? []
      : [
          {
            ...{ key: `report ${id}`, status: 'error', word: 'Mail' },
            title: `The report ${name} did not reach everybody`,
            detail: fault,
            to: `/reports/${id}`,
          },
        ],
  );
}

const KEY_ENDS_SOON_MS = 14 * 86_400_000;

/** Keys that end within two weeks and are in use. */
function listKeys({ keys = [], now }: AttentionGiven): AttentionItem[] {
  return keys.flatMap(({ id, name, expires_at: expiresAt, revoked_at: revokedAt, last_used_at: usedAt }) => {
    const left = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now;
    if (revokedAt !== null || usedAt === null || left <= 0 || left > KEY_ENDS_SOON_MS) return [];
    const item: AttentionItem = {
      ...{ key: `key ${id}`, status: 'retry', word: 'API key', to: '/settings/api-keys' },
      title: `The API key ${name} ends ${formatRelative(new Date(now + left), new Date(now))}`,
      detail: 'It is in use: make another one, and give it to the program',
    };
    return [item];
  });
}
