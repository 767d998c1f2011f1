import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import classes from './developers.module.css';
import { describeValue, hasConditions, isClosed, listSchemaRows, resolveSchema } from './list-schema-rows.ts';
import { Prose } from './Prose.tsx';
import type { Content, Schemas } from './read-reference.ts';
import { SchemaTable } from './SchemaTable.tsx';

/** What is sent: its types, its schema, and what the schema leaves open. */
export function BodyView({ contents, schemas }: { contents: readonly Content[]; schemas: Schemas }) {
  const [first] = contents;
  if (first === undefined) return null;
  const { schema } = first;
  return (
    <>
      <ContentView contents={contents} schemas={schemas} label="Body" />
      {isClosed(schema, schemas) && (
        <Text c="dimmed" size="sm">
          Properties that are not listed are refused with 422.
        </Text>
      )}
      {hasConditions(schema, schemas) && (
        <Text c="dimmed" size="sm">
          Some properties depend on others: the words beside them say how.
        </Text>
      )}
    </>
  );
}

/** The schema of the first type stands for all: they say the same, each in its way. */
export function ContentView({
  contents,
  schemas,
  label,
}: {
  contents: readonly Content[];
  schemas: Schemas;
  label: string;
}) {
  const [first] = contents;
  const schema = first?.schema;
  const rows = useMemo(() => (schema === undefined ? [] : listSchemaRows(schema, schemas)), [schema, schemas]);
  if (first === undefined || schema === undefined) return null;
  const { type, bounds } = describeValue(schema, schemas);
  const text = schema.description ?? resolveSchema(schema, schemas).schema.description;
  const example = contents.find((content) => content.example !== undefined)?.example;
  return (
    <>
      <p className={classes['kind']}>
        <span>
          {type}
          {bounds.length > 0 && `, ${bounds.join(', ')}`}
        </span>
        <span className={classes['dim']}>{contents.map((content) => content.type).join(', ')}</span>
      </p>
      {text !== undefined && (
        <Text size="sm" maw="75ch">
          <Prose text={text} />
        </Text>
      )}
      {rows.length > 0 ? (
        <SchemaTable label={`${label}: properties`} noun="Property" rows={rows} />
      ) : (
        isUntold(type) && (
          <Text c="dimmed" size="sm" maw="75ch">
            The document names no properties of it.
          </Text>
        )
      )}
      {example !== undefined && <CodeBlock code={JSON.stringify(example, null, 2)} label={`${label}: example`} />}
    </>
  );
}

function isUntold(type: string): boolean {
  return /any JSON|object/.test(type);
}
