import type { BatchDefinition } from '../batch.ts';

/** A batch that goes to an SFTP server each evening. */
export function testDefinition(parts: Partial<BatchDefinition> = {}): BatchDefinition {
  return {
    name: 'Evening leads',
    enabled: true,
    columns: [
      { name: 'email', header: 'E-mail' },
      { name: 'name', header: 'Name' },
    ],
    format: 'csv',
    encoding: 'utf-8',
    header: true,
    escape_formulas: true,
    zip: false,
    file_name: '{batch} {date} {id}',
    rows_max: 1_000,
    bytes_max: 1_000_000,
    send_empty: false,
    keep_days: 30,
    schedule: { type: 'times', times: ['18:00'] },
    target: { type: 'sftp', credential_id: '67c59a40dddddddddddddddd', path: '/in' },
    ...parts,
  };
}
