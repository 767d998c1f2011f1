import { Button, FileInput, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type FeedbackFile, SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { entitiesQuery } from '../../api/partners.ts';
import { useMay } from '../../api/use-session.ts';
import { FormFault } from '../../parts/FormPanel.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { useAddress } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { useTitle } from '../../parts/use-title.ts';
import { JobTabs } from '../jobs/JobTabs.tsx';
import { cutHead, readFirstRows } from './file-head.ts';
import { HeadTable } from './HeadTable.tsx';
import { nameRecipients } from './name-recipients.ts';

/** A file of returns or conversions: how it is read, then a job. */
export function ImportFeedbackPage() {
  useTitle('Import feedback', 'Jobs');
  const mayGive = useMay('feedback.send');
  return (
    <>
      <PageHeader
        title="Import feedback"
        text="Each row of a CSV file is given as if its recipient had sent it: a return or a conversion. A row names the delivery, or the lead. What was given before is not given again."
      />
      <JobTabs />
      {mayGive ? <Steps /> : <NoPermission what="imports of feedback" permission="feedback.send" />}
    </>
  );
}

type Part = keyof FeedbackFile['columns'];
type Columns = Partial<Record<Part, string>>;

const PARTS: readonly { part: Part; label: string; description?: string }[] = [
  { part: 'event_id', label: 'Id of the delivery', description: 'event_id, as the recipient got it' },
  { part: 'lead_id', label: 'Id of the lead', description: 'Where there is no id of the delivery' },
  { part: 'recipient_id', label: 'Id of the recipient', description: 'With the id of the lead' },
  { part: 'reason', label: 'Reason', description: 'Of a return; optional' },
  { part: 'type', label: 'Type', description: 'return or conversion' },
];
const TYPES = [
  { value: '', label: 'Both: a column says which' },
  { value: 'return', label: 'Returns' },
  { value: 'conversion', label: 'Conversions' },
];

interface Read {
  file: FeedbackFile;
  /** null: it is compressed, and only the server looks inside. */
  rows: string[][] | null;
}

/** Those of the account that may be named; without the permission to read flows, none. */
function useRecipients(): { value: string; label: string }[] {
  const mayRead = useMay('flows.read');
  const { data: entities = [] } = useQuery({ ...entitiesQuery, enabled: mayRead });
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: mayRead });
  return nameRecipients(entities, new Map(flows.map(({ id, name }) => [id, name])));
}

/** Where the file must say which delivery a row is of, and does not yet. */
function lacksRecipient(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'recipient_needed';
}

function Steps() {
  const { search, change } = useAddress();
  const navigate = useNavigate();
  const type = TYPES.find(({ value }) => value !== '' && value === search['type'])?.value as
    | 'return'
    | 'conversion'
    | undefined;
  const [file, setFile] = useState<File | null>(null);
  const [recipient, setRecipient] = useState('');
  const recipients = useRecipients();
  const [columns, setColumns] = useState<Columns>({});
  const [read, setRead] = useState<Read | null>(null);
  const buildQuery = () => ({
    ...(type && { type }),
    ...(recipient !== '' && { recipient_id: recipient }),
    ...Object.fromEntries(Object.entries(columns).map(([part, column]) => [`${part}_column`, column])),
  });
  const preview = useChange({
    run: async (): Promise<Read> => {
      if (file === null) throw new Error('Choose a file.');
      const { file: found } = await api.importFeedbackFile(cutHead(file), { ...buildQuery(), preview: true });
      return { file: found, rows: await readFirstRows(file, found) };
    },
    keys: [],
    said: 'The file was read',
    done: setRead,
  });
  const give = useChange({
    run: async () => {
      if (file === null) throw new Error('Choose a file.');
      return api.importFeedbackFile(file, buildQuery());
    },
    keys: [['jobs']],
    said: 'The import has begun',
    done: (answer) => {
      if ('job' in answer) void navigate({ to: `/jobs/${answer.job.id}` });
    },
  });
  const reread = (apply: () => void) => {
    apply();
    setRead(null);
    give.reset();
  };
  return (
    <Stack gap="xl">
      <Stack gap="md" maw={480}>
        <Select
          label="What the file has"
          data={TYPES}
          value={type ?? ''}
          onChange={(value) => reread(() => change({ type: value ?? undefined }))}
          allowDeselect={false}
        />
        <Select
          label="Recipient of the whole file"
          description="Needed where the file has ids of leads and no column with the recipient."
          placeholder="A column, or ids of deliveries"
          error={
            lacksRecipient(preview.error)
              ? 'The file has ids of leads, which may have gone to several recipients: choose the one that sent it.'
              : undefined
          }
          data={recipients}
          value={recipient === '' ? null : recipient}
          onChange={(value) => reread(() => setRecipient(value ?? ''))}
          searchable
          clearable
        />
        <FileInput
          label="File"
          description="CSV, up to 100,000 rows and 64 MiB; it may be compressed with gzip."
          placeholder="Choose a file"
          accept=".csv,.txt,.tsv,.gz,text/csv,text/plain,application/gzip"
          value={file}
          onChange={(chosen) =>
            reread(() => {
              setFile(chosen);
              setColumns({});
            })
          }
        />
        {preview.error && !lacksRecipient(preview.error) && <FormFault error={preview.error} />}
        {read === null && (
          <Group>
            <Button onClick={() => preview.mutate()} loading={preview.isPending} disabled={file === null}>
              Check the file
            </Button>
          </Group>
        )}
      </Stack>
      {read !== null && (
        <>
          <Section title="Columns" text="Other columns are not imported.">
            <Group gap="md" align="end">
              {PARTS.map(({ part, label, description }) => (
                <Select
                  key={part}
                  label={label}
                  {...(description !== undefined && { description })}
                  data={[{ value: '', label: 'None' }, ...listColumns(read)]}
                  value={columns[part] ?? String(read.file.columns[part] ?? '')}
                  onChange={(value) => setColumns({ ...columns, [part]: value ?? '' })}
                  allowDeselect={false}
                  w={240}
                />
              ))}
            </Group>
          </Section>
          {read.rows && <HeadTable rows={read.rows} hasHeader={read.file.header} />}
          {give.error && <FormFault error={give.error} />}
          <Group>
            <Button onClick={() => give.mutate()} loading={give.isPending}>
              {type === undefined ? 'Give the feedback' : `Give the ${type}s`}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

/** Names where the browser sees them. */
function listColumns({ file, rows }: Read): { value: string; label: string }[] {
  const used = Object.values(file.columns).flatMap((column) => column ?? []);
  const count = Math.max(file.ignored.length + used.length, ...used, rows?.[0]?.length ?? 0);
  return Array.from({ length: count }, (_, place) => {
    const name = file.header ? rows?.[0]?.[place] : undefined;
    return { value: String(place + 1), label: name || `Column ${place + 1}` };
  });
}
