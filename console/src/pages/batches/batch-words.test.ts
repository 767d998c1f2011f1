import { describe, expect, it } from 'vitest';
import { describeSchedule, describeTarget, readColumns, stateOf, writeColumns } from './batch-words.ts';

describe('a batch in words', () => {
  it.each([
    [{ type: 'email', credential_id: 'c', to: ['ann@example.com'] }, 'E-mail to ann@example.com'],
    [{ type: 'email', credential_id: 'c', to: ['ann@example.com', 'b', 'c'] }, 'E-mail to ann@example.com and 2 more'],
    [{ type: 'sftp', credential_id: 'c', path: '/in' }, 'SFTP, folder /in'],
    [{ type: 's3', credential_id: 'c', bucket: 'leads', prefix: 'new/' }, 'S3, bucket leads, new/'],
  ])('%j goes to: %s', (target, words) => {
    expect(describeTarget(target)).toBe(words);
  });

  it.each([
    [{ type: 'times', times: ['18:00'], days: ['monday', 'friday'] }, 'At 18:00 on Mon, Fri (the account’s time zone)'],
    [{ type: 'interval', minutes: 15, days: null, time_zone: 'UTC' }, 'Every 15 minutes (UTC)'],
    [{ type: 'manual' }, 'When somebody asks'],
  ])('%j runs: %s', (schedule, words) => {
    expect(describeSchedule(schedule)).toBe(words);
  });

  it('fails while its last run could not deliver everything', () => {
    const batch = { running: false, last_error: 'No route', enabled: true, deleted_at: null };
    expect(stateOf(batch)).toBe('failing');
    expect(stateOf({ ...batch, running: true })).toBe('running');
    expect(stateOf({ ...batch, last_error: null, enabled: false })).toBe('off');
  });

  it('has its columns as lines, both ways', () => {
    const columns = [{ name: 'email', header: 'E-mail = address' }, { name: 'state' }];
    expect(readColumns('email = E-mail = address\n\n state \n')).toEqual(columns);
    expect(
      writeColumns([
        { name: 'email', header: 'E-mail' },
        { name: 'state', header: 'state' },
      ]),
    ).toBe('email = E-mail\nstate');
  });
});
