import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadExplanation } from '../../src/explain/lead-explanation.ts';
import { packageRoot } from '../../src/package-root.ts';
import { ACCOUNT_ID, compileTestFlow } from '../../src/pipeline/testing/test-flow.ts';
import { createEventStore } from '../../src/store/postgres/events.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { GOLDEN_EXPLANATIONS, type GoldenExplanation } from './explanations.ts';
import { runGoldenLead } from './run-golden-lead.ts';

const EXPECTED = join(packageRoot, 'test', 'golden', 'explanations');
/** Set by scripts/golden.ts (`npm run golden:update`). */
const isUpdate = process.env['SLUICE_GOLDEN_UPDATE'] === '1';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('a rejected lead is explained to a person', () => {
  it.each(GOLDEN_EXPLANATIONS)('$name', async (golden) => {
    await runGoldenLead(golden, database);
    const text = await explainLastLead(golden);
    const file = join(EXPECTED, `${golden.name}.txt`);
    if (isUpdate) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('in a file each, all of which the guide shows', () => {
    const names = GOLDEN_EXPLANATIONS.map(({ name }) => `${name}.txt`);
    expect(readdirSync(EXPECTED).sort()).toEqual([...names].sort());
    const guide = readFileSync(join(packageRoot, 'docs', 'guides', 'explain.md'), 'utf8');
    const texts = names.map((name) => readFileSync(join(EXPECTED, name), 'utf8'));
    expect(texts.filter((text) => !guide.includes(`\`\`\`text\n${text}\`\`\``))).toEqual([]);
  });
});

async function explainLastLead({ flow: document }: GoldenExplanation): Promise<string> {
  const { flow } = compileTestFlow(document);
  const pool = new pg.Pool({ ...database.connection, max: 1 });
  try {
    const { rows } = await pool.query<{ id: string }>('select id from leads order by id desc limit 1');
    const found = await createEventStore(pool).findLead({ accountId: ACCOUNT_ID, leadId: rows[0]?.id ?? '' });
    if (!found) throw new Error('a lead that was answered is on disk');
    return `${leadExplanation({ lead: found.lead, flow }, found.events).sentences.join('\n')}\n`;
  } finally {
    await pool.end();
  }
}
