import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findField } from '../fields/find-field.ts';
import { compileFlow } from '../flow-compiler/compile-flow.ts';
import type { FindProblems } from '../flow-compiler/flow-compiler.ts';
import { inbound } from '../integrations/builtin/leadconduit-default/inbound.ts';
import type { ModuleRegistry } from '../integrations/contract.ts';
import { createIds } from '../lib/ids.ts';
import { finish } from '../lib/slices.ts';
import { completeFlowDocument } from './complete-flow-document.ts';
import type { JsonObject } from './flow-json.ts';
import { bareSurroundings } from './flow-surroundings.ts';
import { findStoredProblems } from './save-flow.ts';

const modules: ModuleRegistry = { find: (id) => (id === inbound.id ? inbound : undefined), list: () => [inbound] };
const surroundings = bareSurroundings({
  id: '5fd4371e940df5a34a3888b2',
  name: 'Acme',
  timeZone: 'America/New_York',
  dataRetentionInDays: 90,
  isPingEnabled: true,
});
const findProblems: FindProblems = async (document, { account }) => {
  const fieldOf = (fieldId: string) => findField(fieldId, []);
  const none = {
    capGenerations: {},
    lists: new Map(),
    destinations: new Map(),
    pricingServices: new Map(),
    credentials: new Map(),
    batches: new Map(),
    maskedFieldIds: [],
  };
  const context = { account, revision: 0, ...none, fieldOf, isDeletedField: () => false };
  return compileFlow(document, { context, modules }).problems;
};

describe('the sample documents of the specification', () => {
  it.each([
    ['flow-sample-of-seed-003', ['caps', 'pricing', 'sources.0.integration.module_id']],
    ['create-sample-of-seed-003', ['caps', 'pricing', 'sources.0.integration.module_id']],
    ['flow-sample-of-seed-004', ['caps.0.caps', 'pricing', 'sources.0.integration.module_id']],
  ])('%s can be saved, and all that keeps it from running is reported at once', async (name, paths) => {
    const text = readFileSync(new URL(`./cases/${name}.json`, import.meta.url), 'utf8');
    const ids = createIds({ now: () => 0, random: () => 0.5 });
    const document = completeFlowDocument(JSON.parse(text) as JsonObject, { ids, now: 0, previous: null });
    const problems = await findStoredProblems(
      { findProblems, runSliced: async (work) => finish(work) },
      document,
      surroundings,
    );
    for (const path of paths)
      expect(problems.map((problem) => problem.path)).toContainEqual(expect.stringMatching(`^${path}`));
    for (const { message } of problems) expect(message).toMatch(/^[A-Z"].*[.?]$/s);
  });
});
