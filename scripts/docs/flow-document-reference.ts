import { FLOW_SCHEMA_PATH } from '../../src/flows/build-flow-schema.ts';
import type { FlowObject, PropertyRow } from '../../src/flows/flow-property.ts';
import { FLOW_OBJECTS } from '../../src/flows/flow-schema.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/flow-document.md`. */
export function flowDocumentReference(): string {
  const introduction = `Every property of a Flow document. An editor completes and checks them with the JSON Schema that the server answers at \`${FLOW_SCHEMA_PATH}\`: put \`"$schema": "http://localhost:8400${FLOW_SCHEMA_PATH}"\` into the document. **Bold** names are required. Null means the same as absent. Names that are not here are kept and have a [warning](lint.md); one that is nearly a name from here is in \`errors\` and stops the deploy ([decision 0046](../decisions/0046-unknown-names.md)).`;
  const objects: [string, FlowObject][] = Object.entries(FLOW_OBJECTS);
  const body = objects.map(
    ([name, { what, properties }]) =>
      `## ${name}\n\n${what}\n\n${table(
        ['Property', 'Type', 'What it does', 'Default', 'Example', 'Status'],
        Object.entries(properties).map(([property, row]) => rowOf(property, row)),
      )}`,
  );
  return generatedPage('Flow document', { from: 'src/flows/flow-schema.ts', introduction, body: body.join('\n\n') });
}

function rowOf(name: string, row: PropertyRow): string[] {
  const only = row.only === undefined ? '' : ` Only of a ${row.only}.`;
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
  'not-yet': 'kept, does nothing yet',
  carried: 'kept, has no effect',
  'read-only': 'made by the server',
} as const;
