import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { GOLDEN_LEADS } from './leads.ts';
import { runGoldenLead } from './run-golden-lead.ts';

const EXPECTED = join(packageRoot, 'test', 'golden', 'expected');
/** Set by scripts/golden.ts (`npm run golden:update`). */
const isUpdate = process.env['SLUICE_GOLDEN_UPDATE'] === '1';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('a whole lead, from the request to the rows', () => {
  it.each(GOLDEN_LEADS)('$name', async (lead) => {
    const end = await runGoldenLead(lead, database);
    const file = join(EXPECTED, `${lead.name}.json`);
    const text = `${JSON.stringify(end, null, 2)}\n`;
    if (isUpdate) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
    for (const secret of lead.secrets ?? []) expect(JSON.stringify(end.rows)).not.toContain(secret);
    expect(end.rows['runs']).toEqual([]);
  });
});

it('each file in expected/ belongs to a lead', () => {
  const names = GOLDEN_LEADS.map(({ name }) => `${name}.json`);
  expect(readdirSync(EXPECTED).sort()).toEqual([...names].sort());
});
