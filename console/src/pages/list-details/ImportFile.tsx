import { Button, FileInput, Group, Radio, Select, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import type { Job } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { type ImportedFile, type List, listsQuery } from '../../api/library.ts';
import { FormFault } from '../../parts/FormPanel.tsx';
import { JobProgress } from '../../parts/JobProgress.tsx';
import { useChange } from '../../parts/use-change.ts';

/** Enough of a file to say how it would be read. */
const PREVIEW_BYTES = 64 * 1024;
/** What an import changes. */
const KEYS = [listsQuery.queryKey];

/** The values of a file: first how it is read, then a job. */
export function ImportFile({ list }: { list: List }) {
  const [file, setFile] = useState<File | null>(null);
  const [read, setRead] = useState<ImportedFile | null>(null);
  const [column, setColumn] = useState<string | null>(null);
  const [hasHeader, setHeader] = useState(true);
  const [mode, setMode] = useState<'add' | 'replace'>('add');
  const [jobId, setJobId] = useState<string | null>(null);
  const preview = useChange<File, { file: ImportedFile }>({
    run: (chosen) => api.importListFile(list.id, chosen.slice(0, PREVIEW_BYTES), { preview: true }),
    keys: [],
    said: 'The file was read',
    done: ({ file: found }) => {
      setRead(found);
      setColumn(String(found.column));
      setHeader(found.header);
    },
  });
  const start = useChange<File, { file: ImportedFile } | { job: Job; file: ImportedFile }>({
    run: (chosen) =>
      api.importListFile(list.id, chosen, { mode, header: hasHeader, ...(column !== null && { column }) }),
    keys: [['jobs']],
    said: 'The import has begun',
    done: (answer) => {
      if ('job' in answer) setJobId(answer.job.id);
      setFile(null);
      setRead(null);
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setRead(null);
    setJobId(null);
    preview.reset();
    start.reset();
    if (chosen !== null) preview.mutate(chosen);
  };
  const error = preview.error ?? start.error;
  return (
    <Stack gap="sm" maw={640}>
      <FileInput
        label="File"
        placeholder="Choose a file"
        accept=".csv,.txt,.gz,text/csv,text/plain,application/gzip"
        value={file}
        onChange={choose}
        maw={480}
      />
      {error && <FormFault error={error} />}
      {read && file && (
        <>
          <Text size="sm">{describeFile(read)}</Text>
          {read.columns.length > 1 && (
            <Select
              label="Column with the values"
              data={read.columns.map(({ name, fits }, place) => ({
                value: String(place + 1),
                label: `${name ?? `Column ${place + 1}`} (${Math.round(fits * 100)} % fit)`,
              }))}
              value={column}
              onChange={setColumn}
              allowDeselect={false}
              maw={480}
            />
          )}
          <Switch
            label="The first row has names"
            checked={hasHeader}
            onChange={({ currentTarget: { checked } }) => setHeader(checked)}
          />
          <Radio.Group
            label="What becomes of the entries so far"
            value={mode}
            onChange={(value) => setMode(value === 'replace' ? 'replace' : 'add')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="add" label="They stay, and the values are added" />
              <Radio value="replace" label="They go: the list has the values of the file alone" />
            </Stack>
          </Radio.Group>
          <Group>
            <Button variant="default" onClick={() => start.mutate(file)} loading={start.isPending}>
              {mode === 'replace' ? 'Replace all entries' : 'Import the values'}
            </Button>
          </Group>
        </>
      )}
      {jobId !== null && <JobProgress id={jobId} key={jobId} keys={KEYS} />}
    </Stack>
  );
}

/** `A CSV file in utf-8, with 3 columns.` */
function describeFile({ encoding, gzip, delimiter, columns }: ImportedFile): string {
  const kind = delimiter === null ? 'One value a line' : `${columns.length} columns`;
  return `${kind}, in ${encoding}${gzip ? ', compressed with gzip' : ''}.`;
}
