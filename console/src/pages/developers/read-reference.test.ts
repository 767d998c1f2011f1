import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEPTH_MAX, listSchemaRows, type SchemaRow } from './list-schema-rows.ts';
import { readReference } from './read-reference.ts';

const TEXT = readFileSync(new URL('../../../../docs/reference/openapi.json', import.meta.url), 'utf8');
const reference = readReference(JSON.parse(TEXT));

/** Of one turn of the page that reads the document. */
const READING_CPU_MS_MAX = 100;

describe('the reference of the API', () => {
  it('has every operation of the document, in groups by the beginning of their paths', () => {
    const { paths } = JSON.parse(TEXT) as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((each) => `${each} ${path}`),
    );
    expect(reference.operations.map(({ method, path }) => `${method.toLowerCase()} ${path}`).sort()).toEqual(
      routes.sort(),
    );
    expect(reference.groups.flatMap(({ operations }) => operations)).toEqual(reference.operations);
    expect(reference.groups.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Flows', 'API keys', 'Ping limits']),
    );
  });

  it.each(reference.operations)('$name: each answer and each body has something to show', (operation) => {
    const { body, answers, summary, permission } = operation;
    expect(summary).not.toBe('');
    expect(permission).toMatch(/^(?:public|session|[a-z_]+\.[a-z_]+)$/);
    expect(answers.some(({ status }) => status < '400')).toBe(true);
    const unsaid = answers.filter(({ status, failures }) => status >= '400' && failures.length === 0);
    expect(unsaid, 'errors without an example').toEqual([]);
    const bodiless = answers.filter(({ failures }) => failures.some((failure) => failure.body === undefined));
    expect(bodiless, 'examples that lead nowhere').toEqual([]);
    expect(body?.contents.length ?? 1).toBeGreaterThan(0);
  });

  it('has schemas that end, all of them before the bound', () => {
    const contents = reference.operations.flatMap(({ body, answers }) => [
      ...(body?.contents ?? []),
      ...answers.flatMap((answer) => answer.contents),
    ]);
    const rows = contents.flatMap(({ schema }) => listSchemaRows(schema, reference.schemas)).flatMap(flatten);
    expect(rows.length).toBeGreaterThan(1_000);
    expect(rows.filter(({ note }) => note === 'too deep').map(({ key }) => key)).toEqual([]);
    expect(rows.filter(({ note }) => note === 'within itself').length).toBeGreaterThan(0);
    expect(rows.filter(({ type }) => type === '').map(({ key }) => key)).toEqual([]);
    expect(DEPTH_MAX).toBeLessThan(20);
  });

  it('is read in one turn that is short', () => {
    // The first time compiles what reads it.
    const spent = [0, 0, 0].map(() => {
      const before = process.cpuUsage();
      readReference(JSON.parse(TEXT));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    expect(Math.min(...spent)).toBeLessThan(READING_CPU_MS_MAX);
  });
});

function flatten(row: SchemaRow): SchemaRow[] {
  return [row, ...row.children.flatMap(flatten)];
}
