import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../package-root.ts';
import { readMigrations } from './migrate.ts';
import { splitStatements } from './split-statements.ts';

it('gives the statements of a file without comments and blank lines between them', () => {
  expect(splitStatements('-- why;\n\ncreate table a (\n  b text -- of c;\n);\nselect 1')).toEqual([
    'create table a (\n  b text -- of c;\n);',
    'select 1',
  ]);
});

it('leaves the body of a function whole', () => {
  const body = 'create function f() returns void as $$\nbegin\n  perform 1;\nend\n$$ language plpgsql;';
  expect(splitStatements(`${body}\nselect 1;`)).toEqual([body, 'select 1;']);
});

describe.each(readMigrations(join(packageRoot, 'sql')))('migration $version, $name', ({ sql }) => {
  it('is all in its statements, and begins each with a command', () => {
    const statements = splitStatements(sql);
    const bare = (text: string) => text.replace(/--.*$/gm, '').replace(/\s+/g, '');
    expect(bare(statements.join('\n'))).toBe(bare(sql));
    for (const statement of statements) {
      expect(statement.replace(/--.*$/gm, '').trim()).toMatch(
        /^(create|alter|insert|update|delete|drop|comment|lock|with)\b/i,
      );
    }
  });
});
