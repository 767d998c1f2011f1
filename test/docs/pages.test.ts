import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/http/errors.ts';
import { packageRoot } from '../../src/package-root.ts';
import { readSourceFiles } from '../tidy/source-files.ts';
import { isAsShown, shBlocks } from './sh-blocks.ts';

const PAGES = ['.', 'docs', 'docs/guides', 'docs/reference', 'docs/decisions'].flatMap((folder) =>
  readdirSync(join(packageRoot, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

describe('the pages', () => {
  it.each(PAGES)('%s links only to files that exist', (page) => {
    const targets = [...readText(page).matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !exists(join(dirname(page), target)))).toEqual([]);
  });

  it.each(PAGES)('%s names only files that exist', (page) => {
    const names = [...readText(page).matchAll(/`((?:src|test|bench|scripts|docs|sql|examples)\/[\w./-]+)`/g)];
    expect(names.map(([, name = '']) => name).filter((name) => !exists(name))).toEqual([]);
  });
});

describe('the flows that pages show', () => {
  it('have an id of their own each: the commands of all pages run on one server', () => {
    const shown = PAGES.flatMap((page) => {
      const ids = [...readText(page).matchAll(/^ {2}"id": "([0-9a-f]{24})"/gm)].map(([, id = '']) => id);
      return [...new Set(ids)].map((id) => ({ id, page }));
    });
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter(({ id, page }) => shown.some((each) => each.id === id && each.page !== page))).toEqual([]);
  });
});

describe('the index of the documents', () => {
  it('links every guide and every page of the reference', () => {
    const index = readText('docs/README.md');
    const pages = PAGES.filter((page) => /^docs\/(?:guides|reference)\//.test(page)).map((page) => page.slice(5));
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  });
});

describe('decisions', () => {
  const index = readText('docs/decisions/README.md');

  it('are all in the index', () => {
    const pages = PAGES.filter((page) => /decisions\/\d{4}-/.test(page)).map((page) => page.split('/').at(-1));
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  });

  it('that comments name by number are resolved there', () => {
    const numbers = new Set(codeFiles().flatMap((path) => decisionNumbers(readText(path))));
    expect(numbers.size).toBeGreaterThan(0);
    expect([...numbers].filter((number) => !index.includes(`| decision ${number} | [`))).toEqual([]);
  });
});

describe('dependencies', () => {
  const packageJson = JSON.parse(readText('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >; // our own file
  const [runTime = '', development = ''] = readText('docs/dependencies.md').split('## For development');

  it.each([
    { page: runTime, listed: packageJson.dependencies },
    { page: development, listed: packageJson.devDependencies },
  ])('are the packages of package.json with their licences', ({ page, listed }) => {
    const rows = [...page.matchAll(/^\| (\S+) \| ([^|]+) \|/gm)].map(
      ([, name, licence]) => `${name} ${licence?.trim()}`,
    );
    const packages = Object.keys(listed).map((name) => `${name} ${licenceOf(name)}`);
    expect(rows.filter((row) => row !== 'Package Licence')).toEqual(packages);
  });

  it('are fewer than 30 at run time, each used by the server', () => {
    const names = Object.keys(packageJson.dependencies);
    const used = new Set(
      readSourceFiles(['src']).flatMap(({ imports, literals }) => [
        ...imports.map(({ specifier }) => specifier),
        ...literals,
      ]),
    );
    expect(names.length).toBeLessThan(30);
    expect(names.filter((name) => ![...used].some((each) => each === name || each.startsWith(`${name}/`)))).toEqual([]);
  });
});

describe('the lock file', () => {
  it('names the packages of every platform, without which npm ci refuses', () => {
    const { packages } = JSON.parse(readText('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    }; // npm's format
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted.filter((name) => !Object.hasOwn(packages, `node_modules/${name}`))).toEqual([]);
  });
});

describe('error codes', () => {
  const codes = readSourceFiles(['src']).flatMap(({ path, literals }) =>
    path.endsWith('http/errors.ts') ? [] : literals,
  );

  it('of the catalogue are all used', () => {
    expect(Object.keys(ERRORS).filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('outside the catalogue do not exist', () => {
    const places = codeFiles()
      .filter((path) => /^src\/(http|pipeline)\/.*(?<!\.test)\.ts$/.test(path))
      .flatMap((path) => [...readText(path).matchAll(/\bcode: ([^}\n]+)/g)].map(([, value = '']) => value));
    const written = places.flatMap((value) => [...value.matchAll(/'([a-z_]+)'/g)].map(([, code = '']) => code));
    // `code: { type: 'string' }` in a schema speaks of all of them.
    expect(written.filter((code) => code !== 'string' && !Object.hasOwn(ERRORS, code))).toEqual([]);
  });
});

describe('isAsShown', () => {
  const cases: [string, string, boolean][] = [
    ['a\nb', 'a\nb', true],
    ['a\nb', 'a', false],
    ['a\nb\nc', 'a\n…\nc', true],
    ['a\nc', 'a…b…c', false],
    ['{"id":"6b00d8f4d87f0cf997575d6a"}', '{"id":"6b00d8f4d87f0cf997575d6f"}', true],
    ['{"id":"5fd0c0de0000000000000001"}', '{"id":"5fd0c0de0000000000000002"}', false],
    ['took 12 ms', 'took 3 ms', true],
  ];
  it.each(cases)('%j shown as %j: %s', (output, shown, expected) => {
    expect(isAsShown(output, shown)).toBe(expected);
  });

  it('gets its blocks from a page', () => {
    const page = '```sh\na\n```\n\n```text\nA\n```\n\n<!-- not run: no -->\n```sh\nb\n```\ntext\n```json\n{}\n```';
    expect(shBlocks(page)).toEqual([
      { line: 1, script: 'a', expected: 'A', notRun: null },
      { line: 10, script: 'b', expected: null, notRun: 'no' },
    ]);
  });
});

function readText(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

function exists(path: string): boolean {
  return existsSync(join(packageRoot, path));
}

function codeFiles(): string[] {
  return readSourceFiles(['src']).map(({ path }) => path);
}

/** `decision 13`, `decisions 8–10`, `decision 1, 12`. */
function decisionNumbers(text: string): number[] {
  return [...text.matchAll(/\bdecisions? (\d+(?:(?:–|, | and )\d+)*)/gi)].flatMap(([, list = '']) =>
    list.split(/, | and /).flatMap((part) => {
      const [from = 0, to = from] = part.split('–').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    }),
  );
}

/** Old packages have a list `licenses` instead. */
function licenceOf(name: string): string {
  const { license, licenses } = JSON.parse(readText(join('node_modules', name, 'package.json')));
  return String(license ?? licenses?.[0]?.type);
}
