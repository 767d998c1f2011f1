import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { readSourceFiles } from '../tidy/source-files.ts';
import { type Edit, readEdits, withEdit } from './edits.ts';

/*
 * The worked example of CONTRIBUTING.md, applied to a copy of the sources. Only the files that know the operators by
 * their type are checked: no other one can ask for something of each of them.
 */

const page = readFileSync(join(packageRoot, 'CONTRIBUTING.md'), 'utf8');
const edits = readEdits(page.slice(page.indexOf('## Adding an operator')));
const [name, named, unnamed] = [edits.slice(0, 1), edits.slice(1, 7), edits.slice(7)];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-operator-'));
  for (const each of ['src', 'scripts', 'package.json'])
    cpSync(join(packageRoot, each), join(folder, each), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('adding an operator', () => {
  it('the compiler names the five places after the name is added, and no other', () => {
    expect(name.map(({ path }) => path)).toEqual(['src/model/operator.ts']);
    apply(name);
    expect(errors().map(([path]) => path)).toEqual([...new Set(named.map(({ path }) => path))].sort());
  });

  it('compiles after the steps of CONTRIBUTING.md', () => {
    apply([...named, ...unnamed]);
    expect(errors()).toEqual([]);
  });

  it('the new operator and its negation decide, give their reasons, and are in the reference', async () => {
    const { compileRuleSet } = await load<typeof import('../../src/rules/compile-rule-set.ts')>(
      'src/rules/compile-rule-set.ts',
    );
    const { createRuleCatalogue } =
      await load<typeof import('../../src/rules/rule-catalogue.ts')>('src/rules/rule-catalogue.ts');
    const verdict = (op: string, street: unknown) => {
      const options = { path: '', labelOf: () => 'Street', catalogue: createRuleCatalogue(), problems: [] };
      const program = compileRuleSet({ op: 'and', rules: [{ lhv: 'lead.street', op, rhv: 'maple' }] }, options);
      expect(options.problems).toEqual([]);
      return program.evaluate({ lead: { street } }, { now: 0, timeZone: 'UTC', random: () => 0 });
    };
    expect(verdict('starts with', 'Maple Street 5')).toEqual({ passed: true });
    expect(verdict('starts with', 'Old Maple Street')).toEqual({
      passed: false,
      reason: 'Street must start with maple',
    });
    expect(verdict('starts with', '')).toMatchObject({ passed: false });
    expect(verdict('does not start with', 'Old Maple Street')).toEqual({ passed: true });
    expect(verdict('does not start with', '')).toEqual({ passed: true });
    expect(verdict('does not start with', 'MAPLE 1')).toMatchObject({ passed: false });
    const { operatorsReference } = await load<typeof import('../../scripts/docs/operators-reference.ts')>(
      'scripts/docs/operators-reference.ts',
    );
    expect(operatorsReference()).toContain('| string | `Maple Street 5` | starts with | `maple` | yes |');
  });
});

function apply(steps: readonly Edit[]): void {
  for (const edit of steps) {
    const path = join(folder, edit.path);
    writeFileSync(path, withEdit(readFileSync(path, 'utf8'), edit));
  }
}

/** Path and first message of each file that does not compile, in the order of the paths. */
function errors(): [path: string, message: string][] {
  const { config } = ts.readConfigFile(join(packageRoot, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const paths = filesWithOperators();
  const roots = paths.map((path) => join(folder, path));
  const program = ts.createProgram(roots, options, cachingHost(options));
  return paths.flatMap((path): [string, string][] => {
    const [first] = program.getSemanticDiagnostics(program.getSourceFile(join(folder, path)));
    return first ? [[path, ts.flattenDiagnosticMessageText(first.messageText, ' ')]] : [];
  });
}

const parsed = new Map<string, ts.SourceFile | undefined>();

/** Parses again only what an edit changed. */
function cachingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const changed = new Set(edits.map(({ path }) => join(folder, path)));
  return {
    ...host,
    getSourceFile(path, language) {
      if (!parsed.has(path) || changed.has(path)) parsed.set(path, host.getSourceFile(path, language));
      return parsed.get(path);
    },
  };
}

function filesWithOperators(): string[] {
  const edited = new Set(edits.map(({ path }) => path));
  return readSourceFiles(['src', 'scripts'])
    .map(({ path }) => path)
    .filter(
      (path) =>
        edited.has(path) ||
        /\b(OperatorName|MeasuredOperator|OPERATOR_NAMES)\b/.test(readFileSync(join(packageRoot, path), 'utf8')),
    )
    .filter((path) => !path.endsWith('.test.ts'))
    .sort();
}

/** A module of the copy; it has the type of the original. */
function load<Module>(path: string): Promise<Module> {
  return import(/* @vite-ignore */ pathToFileURL(join(folder, path)).href);
}
