import { SUITES } from '../../test/conformance/suites.ts';
import { code, table } from './markdown.ts';

/** The part of `docs/reference/compatibility.md` that says which measured cases are not followed, and why. */
export function lenientTable(): string {
  const rows = SUITES.flatMap(({ file, lenient = [] }) => lenient.map(({ why }) => [code(file), why]));
  return table(['Cases of', 'Why they are not followed'], rows);
}
