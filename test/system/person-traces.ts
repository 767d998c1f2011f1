import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { SEALED_COLUMNS } from '../../src/store/postgres/seal-again.ts';
import { createSecretBox } from '../../src/store/secret-box.ts';
import type { ComposedServer } from '../harness/server.ts';

/** A person who is looked for after an erasure, in all forms that a database may have of her. */
export const EMAIL = 'Zenobia.Quux@Example.com';
export const PHONE = '(512) 789-4417';
export const ZENOBIA = { first_name: 'Zenobia', last_name: 'Quuxington', email: EMAIL, phone_1: PHONE, state: 'TX' };

/** Every row of every table as text, and what is encrypted in it as it is inside. */
export async function dumpDatabase(query: ComposedServer['query'], secretKey: Buffer): Promise<string[]> {
  const tables = await query(`select tablename from pg_tables where schemaname = 'public'`);
  const rows: string[] = [];
  for (const { tablename } of tables) {
    for (const { row } of await query(`select t::text as row from "${tablename}" t`))
      rows.push(`${tablename} ${String(row).replaceAll('""', '"').replaceAll('\\\\', '\\')}`);
  }
  const box = createSecretBox(secretKey, randomBytes);
  for (const { table, column, key, context, only = 'true' } of SEALED_COLUMNS) {
    const names = key.map((name) => `${name}::text`).join(', ');
    for (const { keys, bytes } of await query(
      `select array[${names}] as keys, ${column} as bytes from ${table} where ${column} is not null and ${only}`,
    )) {
      const opened = box.openBytes(bytes as Buffer, context(keys as string[]));
      expect(opened, `${table}.${column}`).not.toBeNull();
      rows.push(`${table}.${column} ${opened?.toString('utf8')}`);
    }
  }
  return rows;
}

const FORMS = [
  'zenobia.quux@example.com',
  'ZENOBIA.QUUX@EXAMPLE.COM',
  EMAIL,
  '5127894417',
  '15127894417',
  '+15127894417',
];
const NEEDLES = [
  ...['zenobia', 'quuxington', '5127894417', '512-789-4417', '(512) 789-4417', '512) 789-4417', '789-4417', '7894417'],
  ...FORMS.flatMap((form) => ['md5', 'sha1', 'sha256'].map((name) => createHash(name).update(form).digest('hex'))),
  ...['Zenobia', EMAIL, 'Quuxington', PHONE].map((text) => Buffer.from(text).toString('hex')),
  ...['Zenobia.Quux', 'Quuxington'].map((text) => Buffer.from(text).toString('base64').slice(0, 12).toLowerCase()),
  ...[encodeURIComponent(EMAIL), encodeURIComponent(PHONE)].map((text) => text.toLowerCase()),
];

/** Rows that have the person in any form: values, hashes without a key, words of the search. */
export const listTraces = (rows: readonly string[]) =>
  rows.filter((row) => NEEDLES.some((needle) => row.toLowerCase().includes(needle.toLowerCase())));
