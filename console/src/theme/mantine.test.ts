import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '..');
const STYLES = join(import.meta.dirname, '../../../node_modules/@mantine/core/styles');

it('has the styles of each component of Mantine that the console imports', () => {
  const css = readFileSync(join(import.meta.dirname, 'mantine.css'), 'utf8');
  const used = new Set(
    readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.tsx'))
      .flatMap((file) => {
        const imports = readFileSync(join(SOURCES, file), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g);
        return [...imports].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()));
      }),
  );
  expect(used.size).toBeGreaterThan(20);
  const styled = [...used].filter((name) => /^[A-Z]\w*$/.test(name) && existsSync(join(STYLES, `${name}.css`)));
  expect(styled.filter((name) => !css.includes(`/${name}.css"`))).toEqual([]);
});
