import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import {
  BATCH_FILES_MAX,
  type Batch,
  type BatchFile,
  batchesQuery,
  batchFilesQuery,
  batchQuery,
  isBatchBusy,
} from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { DetailFrame } from '../../parts/DetailFrame.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Section } from '../../parts/Section.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useAddress, usePanel } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { BatchForm } from '../batches/BatchForm.tsx';
import { describeSchedule, describeTarget, FILE_STATES, STATES, stateOf } from '../batches/batch-words.ts';

const route = getRouteApi('/signed-in/batches/$batchId');
const COUNT = new Intl.NumberFormat('en-US');

/** One batch: what waits, its files, and a run by hand. */
export function BatchPage() {
  const { batchId } = route.useParams();
  const { panel, open, close } = usePanel();
  const mayWrite = useMay('flows.write');
  return (
    <DetailFrame
      parent={{ to: '/batches', title: 'Batches' }}
      noun="batch"
      permission="flows.read"
      query={batchQuery(batchId)}
      nameOf={({ name }) => name}
      badge={(batch) => <OutcomeBadge {...STATES[stateOf(batch)]} />}
      actions={(batch) =>
        mayWrite &&
        batch.deleted_at === null && (
          <Button variant="default" onClick={() => open('edit')}>
            Change
          </Button>
        )
      }
    >
      {(batch) => (
        <>
          {batch.last_error !== null && (
            <FaultAlert title="The last run did not deliver everything">{batch.last_error}</FaultAlert>
          )}
          <Facts
            facts={[
              ['Rows waiting', COUNT.format(batch.waiting_rows)],
              ['Files waiting', COUNT.format(batch.waiting_files)],
              ['Oldest row', batch.oldest_row_at === null ? '–' : <Time key="oldest" at={batch.oldest_row_at} />],
              ['To', describeTarget(batch.target)],
              ['When', describeSchedule(batch.schedule)],
              ['Next run', batch.next_run_at === null ? '–' : <Time key="next" at={batch.next_run_at} />],
              ['Last run', batch.last_run_at === null ? 'Never' : <Time key="last" at={batch.last_run_at} />],
              ['Columns', batch.columns.map(({ name }) => name).join(', ')],
            ]}
          />
          <DeliverNow batch={batch} />
          <Files batch={batch} />
          {mayWrite && batch.deleted_at === null && <Remove batch={batch} />}
          {mayWrite && panel === 'edit' && <BatchForm before={batch} close={close} done={close} />}
        </>
      )}
    </DetailFrame>
  );
}

function DeliverNow({
  batch: { id, waiting_rows: rows, waiting_files: files, running, deleted_at: deletedAt },
}: {
  batch: Batch;
}) {
  const mayDeliver = useMay('leads.resubmit');
  const deliver = useChange({
    run: () => api.deliverBatch(id, {}),
    keys: [batchesQuery.queryKey],
    said: 'The batch is delivered now',
  });
  if (deletedAt !== null) return null;
  const isEmpty = rows === 0 && files === 0;
  return (
    <Section title="Deliver now" text="Whatever its schedule, and also when it is off.">
      {mayDeliver ? (
        <Group gap="sm">
          <Button onClick={() => deliver.mutate()} loading={deliver.isPending || running} disabled={isEmpty}>
            {isEmpty ? 'Nothing waits' : `Deliver ${COUNT.format(rows)} ${rows === 1 ? 'row' : 'rows'} now`}
          </Button>
          {deliver.error && <FormFault error={deliver.error} />}
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          It takes the permission leads.resubmit. An owner can give you another role.
        </Text>
      )}
    </Section>
  );
}

const STATE_OPTIONS = [
  { value: '', label: 'All' },
  ...Object.entries(FILE_STATES).map(([value, { word }]) => ({ value, label: word })),
];

function Files({ batch }: { batch: Batch }) {
  const { search, change } = useAddress();
  const state = Object.keys(FILE_STATES).find((each) => each === search['state']) as BatchFile['state'] | undefined;
  const before = search['before'];
  const { data, error, refetch } = useQuery(
    batchFilesQuery(
      batch.id,
      { ...(state && { state }), ...(before !== undefined && { before_id: before }) },
      { isBusy: isBatchBusy(batch) },
    ),
  );
  const columns = useFileColumns();
  const lastId = data?.at(-1)?.id;
  return (
    <Section title="Files" text={`Kept for ${batch.keep_days} days.`}>
      <Select
        label="State"
        data={STATE_OPTIONS}
        value={state ?? ''}
        onChange={(value) => change({ state: value ?? undefined, before: undefined })}
        allowDeselect={false}
        w={180}
      />
      {data === undefined ? (
        error ? (
          <ErrorState error={error} reset={() => void refetch()} />
        ) : (
          <TableSkeleton rows={4} />
        )
      ) : data.length === 0 ? (
        <Text c="dimmed">{state === undefined ? 'No file was made yet.' : 'No file has this state.'}</Text>
      ) : (
        <DataTable caption="Files" columns={columns} rows={data} getKey={({ id }) => id} />
      )}
      <Group gap="sm">
        {before !== undefined && (
          <Button variant="default" size="compact-sm" onClick={() => change({ before: undefined })}>
            Back to the newest
          </Button>
        )}
        {data?.length === BATCH_FILES_MAX && (
          <Button variant="default" size="compact-sm" onClick={() => change({ before: lastId })}>
            Show older ones
          </Button>
        )}
      </Group>
    </Section>
  );
}

function useFileColumns(): readonly Column<BatchFile>[] {
  const mayResend = useMay('leads.resubmit');
  const mayDownload = useMay('personal_data.read');
  return [
    { key: 'name', header: 'File', wraps: true, cell: ({ name }) => <bdi>{name}</bdi> },
    { key: 'state', header: 'State', cell: ({ state }) => <OutcomeBadge {...FILE_STATES[state]} /> },
    { key: 'rows', header: 'Rows', isNumber: true, cell: ({ rows }) => COUNT.format(rows) },
    { key: 'bytes', header: 'Bytes', isNumber: true, cell: ({ bytes }) => COUNT.format(bytes) },
    { key: 'attempts', header: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
    { key: 'reason', header: 'Last reason', wraps: 'narrow', cell: ({ reason }) => <bdi>{reason ?? '–'}</bdi> },
    { key: 'created', header: 'Made', cell: ({ created_at: at }) => <Time at={at} /> },
    {
      key: 'delivered',
      header: 'Delivered',
      cell: ({ delivered_at: at }) => (at === null ? '–' : <Time at={at} />),
    },
    ...(mayResend || mayDownload
      ? [
          {
            key: 'actions',
            header: 'Actions',
            cell: (file: BatchFile) => (
              <Group gap="xs" wrap="nowrap">
                {mayDownload && (
                  <Button
                    component="a"
                    href={file.url}
                    download
                    size="compact-sm"
                    variant="default"
                    aria-label={`Download ${file.name}`}
                  >
                    Download
                  </Button>
                )}
                {mayResend && <Resend file={file} />}
              </Group>
            ),
          },
        ]
      : []),
  ];
}

function Resend({ file: { id, batch_id: batchId, name, state } }: { file: BatchFile }) {
  const resend = useChange({
    run: () => api.resendBatchFile(batchId, id, {}),
    keys: [batchesQuery.queryKey],
    said: 'The file is sent again',
  });
  if (state === 'waiting') return null;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => resend.mutate()}
        loading={resend.isPending}
        aria-label={`Send again ${name}`}
      >
        Send again
      </Button>
      {resend.error && <FormFault error={resend.error} />}
    </>
  );
}

function Remove({ batch: { id, waiting_rows: rows } }: { batch: Batch }) {
  const navigate = useNavigate();
  const remove = useChange({
    run: () => api.removeBatch(id, rows > 0 ? { discard_rows: 'true' } : {}),
    keys: [batchesQuery.queryKey],
    said: 'The batch was removed',
    done: () => void navigate({ to: '/batches' }),
  });
  return (
    <Section title="End of the batch">
      <Stack align="flex-start">
        <AskFirst
          button="Remove batch…"
          title="Remove this batch?"
          verb={rows > 0 ? `Remove batch and ${COUNT.format(rows)} rows` : 'Remove batch'}
          run={() => remove.mutate()}
          isRunning={remove.isPending}
          error={remove.error}
        >
          {rows > 0 ? `${COUNT.format(rows)} rows wait and would be lost: deliver them first. ` : ''}
          Its files stay until their period ends. A batch that a flow names stays.
        </AskFirst>
      </Stack>
    </Section>
  );
}
