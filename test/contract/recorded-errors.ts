import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/** The name of the setting that makes the test write the error bodies instead of comparing them. */
export const UPDATE = 'SLUICE_ANSWERS_UPDATE';
const FILE = 'src/http/error-examples.json';

/** An error body as a route returned it. */
export interface RecordedError {
  routeName: string;
  code: string;
  body: unknown;
}

/** Ids, waits and instants differ from run to run; in an example they are these. */
export function withoutChance(body: unknown): unknown {
  const text = JSON.stringify(body)
    .replaceAll(/\b[0-9a-f]{24}\b/g, '5fd4371e940df5a34a3888b2')
    .replaceAll(/\bin \d+ seconds?\b/g, 'in 900 seconds')
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2025-03-03T12:00:00.000Z')
    .replaceAll(/\bmade_\d+\b/g, 'example');
  return JSON.parse(text, (key, value) => (key === 'details' ? value.filter(isCertain) : value));
}

/** A process without a database loses its lease after some seconds. */
function isCertain({ path }: { path: string }): boolean {
  return path !== 'lease';
}

/** Writes what was recorded: a body that most routes return for a code once, the others at their routes. */
export function writeRecordedErrors(recorded: readonly RecordedError[]): void {
  const shared: Record<string, unknown> = {};
  const routes: Record<string, Record<string, unknown>> = {};
  for (const code of new Set(recorded.map((each) => each.code))) {
    const own = recorded.filter((each) => each.code === code);
    const common = findCommon(own.map(({ body }) => JSON.stringify(body)));
    if (common !== undefined) shared[code] = JSON.parse(common);
    for (const { routeName, body } of own.filter((each) => JSON.stringify(each.body) !== common))
      routes[routeName] = { ...routes[routeName], [code]: body };
  }
  writeFileSync(join(packageRoot, FILE), `${JSON.stringify({ shared, routes }, null, 2)}\n`);
}

/** The text that occurs most often; undefined: none occurs twice. */
function findCommon(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most && most[1] > 1 ? most[0] : undefined;
}
