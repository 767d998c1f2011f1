import type { Batch, BatchFile } from '../../api/library.ts';

export const STATES = {
  running: { status: 'running', word: 'Delivering' },
  failing: { status: 'error', word: 'Failing' },
  on: { status: 'success', word: 'On' },
  off: { status: 'paused', word: 'Off' },
  deleted: { status: 'skip', word: 'Removed' },
} as const;

export function stateOf(batch: Pick<Batch, 'running' | 'last_error' | 'enabled' | 'deleted_at'>): keyof typeof STATES {
  if (batch.deleted_at !== null) return 'deleted';
  if (batch.running) return 'running';
  if (batch.last_error !== null) return 'failing';
  return batch.enabled ? 'on' : 'off';
}

export const FILE_STATES: Readonly<Record<BatchFile['state'], { status: string; word: string }>> = {
  waiting: { status: 'queued', word: 'Waiting' },
  delivered: { status: 'success', word: 'Delivered' },
  failed: { status: 'error', word: 'Given up' },
};

export const TARGETS = { email: 'E-mail', sftp: 'SFTP', s3: 'S3', azure: 'Azure storage' } as const;
export type TargetType = keyof typeof TARGETS;

/** `E-mail to ann@example.com and 2 more`, `SFTP, folder /in`. */
export function describeTarget({ type, to = [], path, bucket, container, prefix }: Batch['target']): string {
  const place = prefix ? `, ${prefix}` : '';
  switch (type) {
    case 'email':
      return `E-mail to ${to[0] ?? 'nobody'}${to.length > 1 ? ` and ${to.length - 1} more` : ''}`;
    case 'sftp':
      return path ? `SFTP, folder ${path}` : 'SFTP';
    case 's3':
      return `S3, bucket ${bucket ?? ''}${place}`;
    case 'azure':
      return `Azure storage, container ${container ?? ''}${place}`;
    default:
      return type;
  }
}

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** `At 18:00, 22:00 on Mon, Fri`, `Every 15 minutes`, `When somebody asks`. */
export function describeSchedule({ type, times = [], minutes, days, time_zone: zone }: Batch['schedule']): string {
  if (type === 'manual') return 'When somebody asks';
  const when = type === 'interval' ? `Every ${minutes ?? '?'} minutes` : `At ${times.join(', ')}`;
  const on = days ? ` on ${days.map((day) => day.charAt(0).toUpperCase() + day.slice(1, 3)).join(', ')}` : '';
  return `${when}${on}${zone ? ` (${zone})` : type === 'interval' ? '' : ' (the account’s time zone)'}`;
}

/** Columns as a person types them: one a line, `name = Header`. */
export function readColumns(text: string): { name: string; header?: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split('=');
      const header = rest.join('=').trim();
      return { name: name.trim(), ...(header !== '' && { header }) };
    });
}

export function writeColumns(columns: readonly { name: string; header: string }[]): string {
  return columns.map(({ name, header }) => (header === name ? name : `${name} = ${header}`)).join('\n');
}
