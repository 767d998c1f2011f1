import { FLOW_POINTS_MAX, POINTS, RULE_VALUES_MAX } from '../../src/flow-compiler/flow-points.ts';
import { FLOW_SCHEMA_PATH } from '../../src/flows/build-flow-schema.ts';
import type { FlowObject, PropertyRow } from '../../src/flows/flow-property.ts';
import { FLOW_OBJECTS } from '../../src/flows/flow-schema.ts';
import { PATTERN_CHARACTERS_MAX } from '../../src/rules/compile-pattern.ts';
import { RULE_DEPTH_MAX, RULES_MAX } from '../../src/rules/compile-rule-set.ts';
import { TEMPLATE_CHARACTERS_MAX } from '../../src/templates/prepare-source.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/flow-document.md`. */
export function flowDocumentReference(): string {
  const introduction = `Every property of a Flow document. An editor completes and checks them with the JSON Schema that the server answers at \`${FLOW_SCHEMA_PATH}\`: put \`"$schema": "http://localhost:8400${FLOW_SCHEMA_PATH}"\` into the document. **Bold** names are required. Null means the same as absent. Names that are not here are kept and have a [warning](lint.md); one that is nearly a name from here is in \`errors\` and stops the deploy ([decision 0046](../decisions/0046-unknown-names.md)).`;
  const objects: [string, FlowObject][] = Object.entries(FLOW_OBJECTS);
  const body = objects.map(
    ([name, { what, properties }]) =>
      `## ${name}\n\n${what}\n\n${table(
        ['Property', 'Type', 'What it does', 'Default', 'Example', 'Status'],
        Object.entries(properties).map(([property, row]) => writeRow(property, row)),
      )}`,
  );
  return generatedPage('Flow document', {
    from: 'src/flows/flow-schema.ts',
    introduction,
    body: [...body, bounds()].join('\n\n'),
  });
}

/** What `findTooMuch` counts. */
function bounds(): string {
  const counted = Object.values(POINTS).map((what) => `- ${what}`);
  return `## How large a flow may be\n\nA document has at most 4 MiB, a rule set ${RULES_MAX} rules in ${RULE_DEPTH_MAX} levels, a pattern ${PATTERN_CHARACTERS_MAX} characters, a template ${TEMPLATE_CHARACTERS_MAX} characters, and a rule compares with at most ${RULE_VALUES_MAX} values. The whole flow may count ${FLOW_POINTS_MAX} points, about 10 µs of compiling each:\n\n${counted.join('\n')}\n\nA larger flow is saved with an entry in \`errors\` that says what counts most and how to reduce it, and cannot be deployed; its warnings are those of the document alone. One that runs already runs on. Why: [decision 0052](../decisions/0052-compiling-off-the-loop.md).`;
}

function writeRow(name: string, row: PropertyRow): string[] {
  const only = row.only === undefined ? '' : ` Only of a ${row.only.join(' or a ')}.`;
  return [
    row.isRequired ? `**${code(name)}**` : code(name),
    row.type.label,
    `${row.does}${only}`,
    row.default ?? '',
    row.example === undefined ? '' : code(JSON.stringify(row.example)),
    STATUSES[row.status ?? 'works'],
  ];
}

const STATUSES = {
  works: 'works',
  'not-yet': 'stored, has no effect yet',
  carried: 'stored, has no effect',
  'read-only': 'made by the server',
} as const;
