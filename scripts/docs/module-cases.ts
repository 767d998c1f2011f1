import { readFileSync } from 'node:fs';

export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

interface CaseAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * What a module makes of one lead, in `cases/` beside it. `exemplary` cases show what it is for and stand in the
 * reference; `supplemental` ones hold its edges. A test runs both.
 */
export interface ModuleCase {
  kind: 'exemplary' | 'supplemental';
  /** In a few words. */
  what: string;
  /** Of an outbound module: the mappings of its step, what recipients answer in turn, what is sent and appended. */
  mappings?: Record<string, string>;
  answers?: CaseAnswer[];
  /** What the credential of the step holds, where the module needs one. */
  credential?: Record<string, unknown>;
  sent?: SentRequest[];
  appended?: Record<string, unknown>;
  /** Of an inbound one: what a sender submits, the values it has, and the answer. */
  request?: { method: string; query: string; headers: Record<string, string>; body: string };
  values?: Record<string, unknown>;
  answer?: CaseAnswer;
}

/** The cases of a module that comes with Sluice, exemplary ones first. */
export function listModuleCases(moduleId: string): ModuleCase[] {
  const [packageId = '', ...path] = moduleId.split('.');
  return (['exemplary', 'supplemental'] as const).flatMap((kind) => {
    const file = `../../src/integrations/builtin/${packageId}/cases/${kind}/${path.join('.')}.json`;
    const cases: Omit<ModuleCase, 'kind'>[] = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
    return cases.map((each) => ({ kind, ...each }));
  });
}
