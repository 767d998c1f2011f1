import { findDots, findObjectNameProblem } from '../lib/object-name.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import {
  type BatchColumn,
  type BatchDefinition,
  type BatchTarget,
  FILE_BYTES_MAX,
  FILE_ROWS_MAX,
  type FileEncoding,
  type FileFormat,
} from './batch.ts';
import { FILE_NAME_BYTES_MAX, findFileNameProblem } from './file-name.ts';
import {
  type BatchSchedule,
  type BatchWeekday,
  INTERVAL_MINUTES_MAX,
  INTERVAL_MINUTES_MIN,
  isTimeZone,
} from './schedule.ts';

/** A batch as the caller gives it: of the right types, and not yet a whole. */
export interface GivenBatch {
  name: string;
  enabled?: boolean;
  columns: { name: string; header?: string }[];
  format?: FileFormat;
  encoding?: FileEncoding;
  header?: boolean;
  escape_formulas?: boolean;
  zip?: boolean;
  file_name?: string;
  rows_max?: number;
  bytes_max?: number;
  send_empty?: boolean;
  keep_days?: number;
  schedule?: GivenSchedule;
  target: GivenTarget;
}

interface GivenSchedule {
  type: BatchSchedule['type'];
  times?: string[];
  minutes?: number;
  days?: BatchWeekday[] | null;
  time_zone?: string | null;
}

/** What each type of target has, and what it must have. */
export const TARGET_ATTRIBUTES = {
  email: { required: ['from', 'to'], optional: ['subject', 'text'], credential: 'smtp' },
  sftp: { required: ['path'], optional: [], credential: 'sftp' },
  s3: { required: ['bucket'], optional: ['prefix'], credential: 'aws' },
  azure: { required: ['container'], optional: ['prefix'], credential: 'azure' },
} as const satisfies Record<BatchTarget['type'], object>;

type TargetAttribute = 'from' | 'to' | 'subject' | 'text' | 'path' | 'bucket' | 'container' | 'prefix';

type GivenTarget = { type: BatchTarget['type']; credential_id: string; to?: string[] } & {
  [Name in Exclude<TargetAttribute, 'to'>]?: string;
};

const FILE_NAME_DEFAULT = '{batch} {date} {id}';
const SUBJECT_DEFAULT = '{batch}';
const TEXT_DEFAULT = '{rows} rows in {file}.';
const KEEP_DAYS_DEFAULT = 30;
const BYTES_MAX_DEFAULT = 5_000_000;
const ROWS_MAX_DEFAULT = 10_000;

/** What is missing filled with defaults, or all that is wrong. */
export function readDefinition(
  given: GivenBatch,
  { isMailAddress }: { isMailAddress(text: string): boolean },
): Result<BatchDefinition, Problem[]> {
  const problems: Problem[] = [];
  const definition: BatchDefinition = {
    name: given.name.trim(),
    enabled: given.enabled ?? true,
    columns: readColumns(given.columns, problems),
    format: given.format ?? 'csv',
    encoding: given.encoding ?? 'utf-8',
    header: given.header ?? true,
    escape_formulas: given.escape_formulas ?? true,
    zip: given.zip ?? false,
    file_name: given.file_name?.trim() || FILE_NAME_DEFAULT,
    rows_max: given.rows_max ?? Math.min(ROWS_MAX_DEFAULT, FILE_ROWS_MAX),
    bytes_max: given.bytes_max ?? Math.min(BYTES_MAX_DEFAULT, FILE_BYTES_MAX),
    send_empty: given.send_empty ?? false,
    keep_days: given.keep_days ?? KEEP_DAYS_DEFAULT,
    schedule: readSchedule(given.schedule ?? { type: 'manual' }, problems),
    target: readTarget(given.target, { problems, isMailAddress }),
  };
  const nameProblem = findFileNameProblem(definition.file_name);
  if (nameProblem !== undefined) problems.push({ path: 'file_name', message: nameProblem });
  return problems.length > 0 ? fail(problems) : ok(definition);
}

function readColumns(columns: GivenBatch['columns'], problems: Problem[]): BatchColumn[] {
  const met = new Set<string>();
  return columns.map(({ name, header }, index) => {
    if (met.has(name))
      problems.push({ path: `columns.${index}.name`, message: 'Another column has this name: give each its own.' });
    met.add(name);
    return { name, header: header ?? name };
  });
}

function readSchedule(given: GivenSchedule, problems: Problem[]): BatchSchedule {
  const { type, times, minutes, days, time_zone: timeZone } = given;
  const wrong = (path: string, message: string) => problems.push({ path: `schedule.${path}`, message });
  const place = { days: days ?? null, time_zone: timeZone ?? null };
  if (type === 'manual' && days) wrong('days', 'Is for the types times and interval.');
  if (type === 'manual' && timeZone) wrong('time_zone', 'Is for the types times and interval.');
  if (days?.length === 0) wrong('days', 'Must name a day, or be null for every day.');
  if (timeZone && !isTimeZone(timeZone)) wrong('time_zone', 'Must be a time zone such as America/New_York, or null.');
  if (type !== 'times' && times !== undefined) wrong('times', 'Is for the type times.');
  if (type !== 'interval' && minutes !== undefined) wrong('minutes', 'Is for the type interval.');
  switch (type) {
    case 'manual':
      return { type };
    case 'times':
      if (times === undefined || times.length === 0)
        wrong('times', 'Must be a list of at least one time, such as 18:00.');
      return { type, times: [...new Set(times ?? [])].sort(), ...place };
    case 'interval':
      if (minutes === undefined || minutes < INTERVAL_MINUTES_MIN || minutes > INTERVAL_MINUTES_MAX)
        wrong('minutes', `Must be from ${INTERVAL_MINUTES_MIN} to ${INTERVAL_MINUTES_MAX}.`);
      return { type, minutes: minutes ?? INTERVAL_MINUTES_MAX, ...place };
  }
}

function readTarget(
  given: GivenTarget,
  { problems, isMailAddress }: { problems: Problem[]; isMailAddress(text: string): boolean },
): BatchTarget {
  const { type, credential_id, from = '', to = [], subject, text, path = '', bucket = '', container = '' } = given;
  const { required, optional }: { required: readonly string[]; optional: readonly string[] } = TARGET_ATTRIBUTES[type];
  const wrong = (name: string, message: string) => problems.push({ path: `target.${name}`, message });
  for (const [name, value] of Object.entries(given)) {
    if (name === 'type' || name === 'credential_id' || required.includes(name) || optional.includes(name)) continue;
    if (value !== undefined) wrong(name, `Is not for the type ${type}.`);
  }
  for (const name of required) {
    const value = given[name as TargetAttribute]; // of the table above
    if (value === undefined || value.length === 0) wrong(name, `Is required for the type ${type}.`);
  }
  const prefix = given.prefix ?? '';
  const problem = findObjectNameProblem(`${prefix}${'x'.repeat(FILE_NAME_BYTES_MAX)}`);
  if (problem !== undefined) wrong('prefix', `With the name of a file behind it, it ${problem}.`);
  for (const [name, place] of Object.entries({ bucket, container })) {
    const dots = findDots(place);
    if (dots !== undefined) wrong(name, `Is no name that a service has: it ${dots}.`);
  }
  switch (type) {
    case 'email':
      if (from !== '' && !isMailAddress(from)) wrong('from', 'Must be an e-mail address.');
      if (!to.every(isMailAddress)) wrong('to', 'Must be a list of e-mail addresses.');
      return { type, credential_id, from, to, subject: subject ?? SUBJECT_DEFAULT, text: text ?? TEXT_DEFAULT };
    case 'sftp':
      return { type, credential_id, path };
    case 's3':
      return { type, credential_id, bucket, prefix };
    case 'azure':
      return { type, credential_id, container, prefix };
  }
}
