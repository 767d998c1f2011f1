import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { fail, type Result } from '../lib/result.ts';
import type { RunSliced, Sliced } from '../lib/slices.ts';
import type { LeadOutcome } from '../model/outcome.ts';
import type { Problem } from '../model/problem.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import { countedIds } from '../simulation/counted-ids.ts';
import { readSimulation } from '../simulation/read-simulation.ts';
import { findSource, simulateLead } from '../simulation/simulate-lead.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { unknownNames } from '../simulation/unknown-names.ts';
import type { Expected, TestLead, TestLeadContent } from './test-lead.ts';

export interface TestLeadResult {
  id: string;
  name: string;
  passed: boolean;
  /** null: the test lead cannot be read. */
  expected: Expected | null;
  /** null: nothing became of it, see `problem`. */
  got: { outcome: LeadOutcome; reason: string | null; price: number } | null;
  /** Why it could not be run; null: it was. */
  problem: string | null;
  /** Of one that was run and has not passed; as `GET /leads/{id}` has it. */
  explanation: unknown;
}

export interface RunTestLeadsDeps {
  runSliced: RunSliced;
  version: string;
  report: PhaseDeps['report'];
}

/** Simulates each test lead on one flow, at most `TEST_LEADS_MAX`; everything else has its turn between two of them. */
export async function runTestLeads(
  deps: RunTestLeadsDeps,
  given: { flow: CompiledFlow; testLeads: readonly TestLead[]; now: number },
): Promise<TestLeadResult[]> {
  const results: TestLeadResult[] = [];
  for (const testLead of given.testLeads) {
    await deps.runSliced(aTurn());
    results.push(await runOne(deps, { ...given, testLead }));
  }
  return results;
}

function* aTurn(): Sliced<void> {
  yield;
}

async function runOne(
  deps: RunTestLeadsDeps,
  { flow, testLead, now }: { flow: CompiledFlow; testLead: TestLead; now: number },
): Promise<TestLeadResult> {
  const { id, name, content, sourceId } = testLead;
  const head = { id, name, expected: content?.expected ?? null };
  const broken = (problem: string) => ({ ...head, passed: false, got: null, problem, explanation: null });
  if (!content) return broken('It was sealed with a key that the server does not have any more: save it again.');
  const source = findSource(flow, sourceId);
  if (!source) return broken('The flow has no such source.');
  const read = readTestLead(sourceId, content);
  if (!read.ok) return broken(sentenceOf(read.error));
  const unknown = unknownNames(flow, read.value);
  if (unknown.length > 0) return broken(sentenceOf(unknown.map((problem) => placed(problem, content.assume))));
  const at = read.value.now ?? now;
  const { version, report } = deps;
  const { lead, response } = await simulateLead(flow, {
    ...{ source, simulation: read.value, deps: { now: at, ids: countedIds(at), version, report } },
  });
  if (!lead) return broken(`The source would not take it: it would answer ${response.status}.`);
  // Made by buildLead.
  const { outcome, reason, price, explanation } = lead as unknown as NonNullable<TestLeadResult['got']> & {
    explanation: unknown;
  };
  const got = { outcome, reason: reason ?? null, price };
  const passed = isAsExpected(got, content.expected);
  return { ...head, passed, got, problem: null, explanation: passed ? null : explanation };
}

/** The test lead as an evaluation, or what is wrong with it, each with its place in the test lead. */
export function readTestLead(
  sourceId: string,
  { values, now, assume }: TestLeadContent,
): Result<Simulation, Problem[]> {
  const read = readSimulation({ ...assume, source: sourceId, values, ...(now === null ? {} : { now }) });
  return read.ok ? read : fail(read.error.map((problem) => placed(problem, assume)));
}

function placed({ path, message }: Problem, assume: TestLeadContent['assume']): Problem {
  const isAssumed = Object.hasOwn(assume, path.split('.')[0] ?? '');
  return { path: isAssumed ? `assume.${path}` : path, message };
}

function sentenceOf(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join(' ');
}

function isAsExpected(got: NonNullable<TestLeadResult['got']>, expected: Expected): boolean {
  if (got.outcome !== expected.outcome) return false;
  if (expected.reason !== undefined && got.reason !== expected.reason) return false;
  return expected.price === undefined || Math.round(got.price * UNITS) === Math.round(expected.price * UNITS);
}

/** Money counts in ten-thousandths of a dollar. */
const UNITS = 10_000;
