import { KEPT, type Kept, PERIOD_DAYS_MAX, PERIOD_DAYS_MIN, PERSONAL_DAYS_DEFAULT } from '../../src/keeping/periods.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/retention.md`: what the database keeps, for how long, and which job deletes it. */
export function retentionReference(): string {
  const introduction =
    'What the database keeps, how long, and which [job](jobs.md) deletes it ([the guide](../guides/privacy.md)).';
  const body = [
    '## The two periods of an account',
    `Both are set with \`PUT /account\`: ${PERIOD_DAYS_MIN} to ${PERIOD_DAYS_MAX} days.`,
    table(
      ['Setting', 'Unless set', 'What it is for'],
      [
        ['`data_retention_in_days`', `${PERSONAL_DAYS_DEFAULT} days`, 'What may have values of people'],
        ['`facts_retention_in_days`', 'as long as `data_retention_in_days`', 'Leads and events without such values'],
      ],
    ),
    'A lead is deleted in the night after its period at the latest, and one day later where the partitions of the database hold a day (`SLUICE_PARTITION_DAYS`) and no account has a longer period. A legal hold keeps all of a lead.',
    '## Every table',
    table(
      ['Tables', 'What', 'Values of people', 'Kept', 'Deleted by'],
      KEPT.map((row) => [
        row.tables.map(code).join(' '),
        row.what,
        PERSONAL[row.personal],
        row.until,
        row.deletedBy === null ? '' : code(row.deletedBy),
      ]),
    ),
  ].join('\n\n');
  return generatedPage('What is kept for how long', { from: 'src/keeping/periods.ts', introduction, body });
}

const PERSONAL: Readonly<Record<Kept['personal'], string>> = {
  no: 'no',
  yes: 'yes',
  reasons: 'in reasons that quote one',
  keyed: 'keyed hashes alone',
};
