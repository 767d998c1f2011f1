import { findField, maskedFieldIds } from '../src/fields/find-field.ts';
import { compileFlowInSlices } from '../src/flow-compiler/compile-flow.ts';
import { warningsInSlices } from '../src/flows/flow-warnings.ts';
import { parseInSlices } from '../src/flows/parse-flow-document.ts';
import { builtinModules } from '../src/integrations/builtin-modules.ts';
import { createModuleRegistry } from '../src/integrations/registry.ts';
import type { Sliced } from '../src/lib/slices.ts';
import { referenceUs } from '../test/harness/cpu-ratio.ts';
import { WORST_FLOWS } from './worst-flows.ts';

/** One piece is what the event loop waits for beside a slice; a collection of garbage counts with all its threads. */
const REFERENCES_MAX = 35;

/**
 * What the largest flows cost to read, compile and check, and the longest piece between two pauses, in CPU. Prints a
 * line a flow, and answers whether every piece stays below `REFERENCES_MAX` loops of the reference.
 */
export function measureSaving(): boolean {
  const modules = createModuleRegistry(builtinModules([]));
  const account = {
    id: 'account',
    name: 'Bench',
    timeZone: 'America/New_York',
    dataRetentionInDays: 90,
    isPingEnabled: true,
  };
  const context = {
    account,
    revision: 0,
    capGenerations: {},
    lists: new Map(),
    destinations: new Map(),
    pricingServices: new Map(),
    credentials: new Map(),
    batches: new Map(),
    fieldOf: (id: string) => findField(id, []),
    isDeletedField: () => false,
    maskedFieldIds: maskedFieldIds([]),
  };
  let isGood = true;
  for (const { name, flow } of WORST_FLOWS) {
    const document = { ...flow(0) };
    const reference = referenceUs();
    const read = drive(parseInSlices(document));
    if (!read.value.ok) throw new Error(`not a flow: ${name}`);
    const compiled = drive(compileFlowInSlices(read.value.value.sound, { context, modules }));
    const checked = drive(warningsInSlices(document, { customFields: [], modules }));
    const longestUs = Math.max(read.longestUs, compiled.longestUs, checked.longestUs);
    isGood &&= longestUs < REFERENCES_MAX * reference;
    const ms = (us: number) => `${(us / 1_000).toFixed(0)} ms`;
    console.log(
      `${name}: read ${ms(read.totalUs)}, compile ${ms(compiled.totalUs)}, check ${ms(checked.totalUs)}, longest piece ${ms(longestUs)} (${(longestUs / reference).toFixed(1)} references)`,
    );
  }
  return isGood;
}

function drive<T>(work: Sliced<T>): { value: T; totalUs: number; longestUs: number } {
  let totalUs = 0;
  let longestUs = 0;
  for (;;) {
    const before = process.cpuUsage();
    const step = work.next();
    const { user, system } = process.cpuUsage(before);
    totalUs += user + system;
    longestUs = Math.max(longestUs, user + system);
    if (step.done) return { value: step.value, totalUs, longestUs };
  }
}
