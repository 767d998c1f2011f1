import type { ParseContext } from '../../src/field-types/field-type.ts';
import { FIELD_TYPES } from '../../src/field-types/field-types.ts';
import { normalizeValue } from '../../src/field-types/normalize-value.ts';
import { code, generatedPage, table } from './markdown.ts';

/** Fixed, so that ages and relative dates in the examples stay as they are. */
const CONTEXT: ParseContext = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'America/New_York' };

/** `docs/reference/field-types.md`. */
export function fieldTypesReference(): string {
  const introduction =
    'A field has one of these types. A value that cannot be read as its type is no error: it stays the text it was, with `valid` false. Values of `ssn` and `credential`, and of fields with `masked: true`, are masked before anything is written. Rules, templates and mappings reach the parts of a value by name: `lead.phone_1.area`. Examples are read on 20 November 2026 in America/New_York.';
  const sections = FIELD_TYPES.map(
    ({ name, isMaskable, components, operators, examples, parse }) =>
      `## ${name}\n\n${[
        isMaskable ? 'Has a masked form of its own.' : '',
        componentTable(components),
        `Operators: ${operators.join(', ')}.`,
        table(
          ['Submitted', 'Read as'],
          examples.map((example) => [code(example), code(JSON.stringify(normalizeValue(parse(example, CONTEXT))))]),
        ),
      ]
        .filter((part) => part !== '')
        .join('\n\n')}`,
  );
  return generatedPage('Field types', {
    from: 'src/field-types/field-types.ts',
    introduction,
    body: sections.join('\n\n'),
  });
}

function componentTable(components: (typeof FIELD_TYPES)[number]['components']): string {
  const offered = components.filter(({ deprecated }) => !deprecated);
  if (offered.length === 0) return 'No components: the value is a plain text.';
  return table(
    ['Component', 'Type', 'Meaning'],
    offered.map(({ name, type, description }) => [code(name), type, description]),
  );
}
