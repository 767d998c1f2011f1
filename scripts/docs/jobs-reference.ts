import type { JobRow } from '../../src/jobs/job-row.ts';
import { CRON_ROWS, EVERY_ROWS, QUEUE_ROWS } from '../../src/jobs/jobs.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/jobs.md`: what the server does besides answering requests. */
export function jobsReference(): string {
  const introduction =
    'What the server does besides answering requests: what each process repeats, what runs at night, and what somebody asks for ([the guide](../guides/jobs.md)).';
  const body = [
    '## In each process, again and again',
    'Each with a loop of its own, so that none waits for another. A run that did something writes one line (`"message":"job"`) at `info`, others at `debug`. One that fails is reported once and goes on being tried.',
    table(
      ['Job', 'Every', 'Reported after', 'What it does'],
      EVERY_ROWS.map((row) => [nameOf(row), duration(row.everyMs), duration(row.timeoutMs), row.does]),
    ),
    '## At night or now and then, in one process',
    'Times are UTC. One of the processes takes each; a night in which none was up is made up for at the next start.',
    table(
      ['Job', 'At', 'Attempts', 'What it does'],
      CRON_ROWS.map((row) => [nameOf(row), formatTime(row.cron), String(row.attemptsMax), row.does]),
    ),
    '## When somebody asks for it, in one process',
    'Each has a row that `GET /jobs` shows. A stop of its process is one of its attempts; another process goes on with it.',
    table(
      ['Job', 'Ends after', 'Attempts', 'Outcomes that are failures', 'What it does'],
      QUEUE_ROWS.map((row) => [
        nameOf(row),
        duration(row.timeoutMs),
        String(row.attemptsMax),
        row.failures.map(code).join(' '),
        row.does,
      ]),
    ),
  ].join('\n\n');
  return generatedPage('Jobs', { from: 'src/jobs/jobs.ts', introduction, body });
}

function nameOf({ name, when }: JobRow): string {
  const folder = when === 'queue' ? 'work' : 'duties';
  return `[\`${name}\`](../../src/jobs/${folder}/${name}.ts)`;
}

function duration(ms: number): string {
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`;
  return ms >= 60_000 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}

/** Those of the table are a minute and an hour of each day. */
function formatTime(cron: string): string {
  const [minute = '', hour = '', ...days] = cron.split(' ');
  if (days.some((part) => part !== '*') || !/^\d+ \d+ /.test(cron)) return code(cron);
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}
