import { ActionIcon, Button, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { LeadImport } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { leadImportQuery } from '../../api/imports.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { Section } from '../../parts/Section.tsx';
import { useChange } from '../../parts/use-change.ts';

type FileColumn = LeadImport['file']['columns'][number];

const BECAUSE: Readonly<Record<FileColumn['because'], string>> = {
  id: 'has the id of the field',
  name: 'has its name',
  synonym: 'has a name that people give it',
  values: 'has such values',
  nothing: 'nothing fits',
  caller: 'you said so',
};
const NOT_IMPORTED = '';

interface ColumnsPartProps {
  found: LeadImport;
  fields: readonly string[];
  /** By the number of the column; null: the file was sent from another page. */
  samples: ReadonlyMap<number, readonly string[]> | null;
  isBusy: boolean;
}

/** What each column is submitted as. A change is checked again as a whole. */
export function ColumnsPart({ found, fields, samples, isBusy }: ColumnsPartProps) {
  const { file, job } = found;
  const [chosen, setChosen] = useState<Readonly<Record<string, string | null>>>({});
  const [constants, setConstants] = useState(() => Object.entries(found.constants));
  const [invalid, setInvalid] = useState(found.invalid);
  const check = useChange({
    run: () =>
      api.changeLeadImport(job.id, {
        columns: chosen,
        constants: Object.fromEntries(constants.filter(([field]) => field !== '')),
        invalid,
      }),
    keys: [leadImportQuery(job.id).queryKey],
    said: 'The file is checked again',
  });
  const used = new Set(file.columns.map((column) => fieldOf(column, chosen)));
  const options = [...new Set([...fields, ...file.columns.flatMap(({ field }) => field ?? [])])];
  const isChanged =
    Object.keys(chosen).length > 0 ||
    invalid !== found.invalid ||
    JSON.stringify(constants) !== JSON.stringify(Object.entries(found.constants));
  const columns: readonly Column<FileColumn>[] = [
    {
      key: 'name',
      header: 'Column',
      wraps: true,
      cell: ({ name, column }) => <bdi>{name || `Column ${column}`}</bdi>,
    },
    ...(samples === null
      ? []
      : [
          {
            key: 'samples',
            header: 'Some values',
            wraps: true,
            cell: ({ column }: FileColumn) => <bdi>{samples.get(column)?.join(' · ') || '–'}</bdi>,
          },
        ]),
    {
      key: 'field',
      header: 'Imported as',
      cell: (column) => (
        <Select
          aria-label={`${column.name || `Column ${column.column}`} is imported as`}
          size="xs"
          w={220}
          searchable
          disabled={isBusy}
          data={[
            { value: NOT_IMPORTED, label: 'Not imported' },
            ...options.map((field) => ({
              value: field,
              label: field,
              disabled: used.has(field) && field !== fieldOf(column, chosen),
            })),
          ]}
          value={fieldOf(column, chosen) ?? NOT_IMPORTED}
          onChange={(value) => setChosen({ ...chosen, [String(column.column)]: value === NOT_IMPORTED ? null : value })}
          allowDeselect={false}
        />
      ),
    },
    {
      key: 'confidence',
      header: 'How sure',
      wraps: true,
      cell: (column) => (String(column.column) in chosen ? 'not checked yet' : describeGuess(column)),
    },
  ];
  return (
    <Section title="Columns" text="A column that is not imported is in no lead. Two columns cannot be one field.">
      <DataTable caption="Columns" columns={columns} rows={file.columns} getKey={({ column }) => String(column)} />
      <Constants {...{ constants, setConstants, fields: options, isBusy }} />
      <Radio.Group
        label="Rows with a value that its field cannot read"
        value={invalid}
        onChange={(value) => setInvalid(value === 'submit' ? 'submit' : 'reject')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="reject" disabled={isBusy} label="Are rejected, and come back in a file" />
          <Radio value="submit" disabled={isBusy} label="Are submitted, too: the flow decides" />
        </Stack>
      </Radio.Group>
      {check.error && <FormFault error={check.error} />}
      {isChanged && (
        <Group>
          <Button onClick={() => check.mutate()} loading={check.isPending} disabled={isBusy}>
            Check again
          </Button>
        </Group>
      )}
    </Section>
  );
}

function fieldOf({ column, field }: FileColumn, chosen: Readonly<Record<string, string | null>>): string | null {
  const said = chosen[String(column)];
  return said === undefined ? field : said;
}

/** `95 %: has its name; 80 % of the values fit`. */
function describeGuess({ field, confidence, because, fits }: FileColumn): string {
  if (because === 'caller') return BECAUSE.caller;
  if (field === null) return BECAUSE.nothing;
  const some = fits < 1 ? `; ${Math.floor(fits * 100)} % of the first values fit` : '';
  return `${Math.round(confidence * 100)} %: ${BECAUSE[because]}${some}`;
}

type Constant = [field: string, value: string];

function Constants(given: {
  constants: readonly Constant[];
  setConstants(next: Constant[]): void;
  fields: readonly string[];
  isBusy: boolean;
}) {
  const { constants, setConstants, fields, isBusy } = given;
  const replace = (at: number, next: Constant) =>
    setConstants(constants.map((each, place) => (place === at ? next : each)));
  return (
    <Stack gap="xs" align="flex-start">
      {constants.length > 0 && <Text size="sm">Values of rows that have none of their own:</Text>}
      {constants.map(([field, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has nothing else that stays
        <Group key={at} gap="sm" align="end">
          <Select
            label="Field"
            size="xs"
            searchable
            disabled={isBusy}
            data={[...fields]}
            value={field === '' ? null : field}
            onChange={(next) => replace(at, [next ?? '', value])}
          />
          <TextInput
            label="Value"
            size="xs"
            disabled={isBusy}
            maxLength={1_000}
            value={value}
            onChange={({ currentTarget }) => replace(at, [field, currentTarget.value])}
          />
          <ActionIcon
            variant="default"
            size={30}
            aria-label={`Remove the value of ${field || 'no field'}`}
            onClick={() => setConstants(constants.filter((_, place) => place !== at))}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        disabled={isBusy}
        onClick={() => setConstants([...constants, ['', '']])}
      >
        Add a value for all rows
      </Button>
    </Stack>
  );
}
