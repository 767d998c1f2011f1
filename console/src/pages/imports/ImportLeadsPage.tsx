import { Alert, Button, FileInput, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LeadImport } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { importFlowQuery, isChecking, leadImportQuery } from '../../api/imports.ts';
import { useMay } from '../../api/use-session.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { useAddress } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { useTitle } from '../../parts/use-title.ts';
import { JobTabs } from '../jobs/JobTabs.tsx';
import { CheckPart } from './CheckPart.tsx';
import { ColumnsPart } from './ColumnsPart.tsx';
import { readFirstRows } from './file-head.ts';
import { HeadTable } from './HeadTable.tsx';
import { ImportEnded } from './ImportEnded.tsx';
import { findOtherColumns, readRemembered } from './remembered-columns.ts';
import { StartPart } from './StartPart.tsx';

const SKELETON_ROWS = 6;

/** A file of leads: columns, check, start. The address names the import, so that it is gone on with later. */
export function ImportLeadsPage() {
  useTitle('Import leads', 'Jobs');
  const mayImport = useMay('leads.submit');
  const mayReadFlows = useMay('flows.read');
  return (
    <>
      <PageHeader
        title="Import leads"
        text="Each row of a CSV file becomes a lead of a source, as if its sender had posted it. Nothing is submitted before you have seen the check."
      />
      <JobTabs />
      {!mayImport ? (
        <NoPermission what="imports of leads" permission="leads.submit" />
      ) : mayReadFlows ? (
        <Steps />
      ) : (
        <NoPermission what="the flows to import into" permission="flows.read" />
      )}
    </>
  );
}

/** What the browser knows of a file that was chosen on this page. */
interface Chosen {
  jobId: string;
  rows: string[][] | null;
  samples: ReadonlyMap<number, readonly string[]>;
  /** Columns that were taken from the last import. */
  taken: number;
}

function Steps() {
  const { search, change } = useAddress();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const jobId = search['job'];
  if (jobId === undefined)
    return (
      <ChooseFile
        done={(next) => {
          setChosen(next);
          change({ job: next.jobId, flow: undefined, source: undefined });
        }}
      />
    );
  return <Import id={jobId} key={jobId} chosen={chosen?.jobId === jobId ? chosen : null} />;
}

function ChooseFile({ done }: { done(chosen: Chosen): void }) {
  const { search, change } = useAddress();
  const { data: flows, error, refetch } = useQuery(flowNamesQuery);
  const [file, setFile] = useState<File | null>(null);
  const flow = flows?.find(({ id }) => id === search['flow']);
  const onlySource = flow?.sources.length === 1 ? flow.sources[0] : undefined;
  const source = flow?.sources.find(({ id }) => id === search['source']) ?? onlySource;
  const send = useChange({
    run: async () => {
      if (file === null || flow === undefined || source === undefined) throw new Error('Choose a file and a source.');
      return sendFile(file, { flowId: flow.id, sourceId: source.id });
    },
    keys: [['jobs']],
    said: 'The file was sent and is checked',
    done,
  });
  if (flows === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  return (
    <Stack gap="md" maw={480}>
      <Select
        label="Flow"
        placeholder="Choose a flow"
        searchable
        data={flows.map(({ id, name }) => ({ value: id, label: name }))}
        value={flow?.id ?? null}
        onChange={(id) => change({ flow: id ?? undefined, source: undefined })}
        nothingFoundMessage="No flow has this name."
      />
      <Select
        label="Source"
        placeholder={flow === undefined ? 'Choose a flow first' : 'Choose a source'}
        disabled={flow === undefined}
        data={flow?.sources.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={source?.id ?? null}
        onChange={(id) => change({ source: id ?? undefined })}
      />
      <FileInput
        label="File"
        description="CSV, up to 100,000 rows and 128 MiB; it may be compressed with gzip."
        placeholder="Choose a file"
        accept=".csv,.txt,.tsv,.gz,text/csv,text/plain,application/gzip"
        value={file}
        onChange={setFile}
      />
      {send.error && <FormFault error={send.error} />}
      <Group>
        <Button onClick={() => send.mutate()} loading={send.isPending} disabled={file === null || source === undefined}>
          Check the file
        </Button>
      </Group>
    </Stack>
  );
}

async function sendFile(file: File, { flowId, sourceId }: { flowId: string; sourceId: string }): Promise<Chosen> {
  const sent = await api.importLeadFile(file, { flow_id: flowId, source_id: sourceId });
  if (!('job' in sent)) throw new Error('The server has read the file and kept nothing. Send it again.');
  const jobId = sent.job.id;
  const { columns } = sent.file;
  const place = `${flowId} ${sourceId}`;
  const { fields } = await api
    .readFlow(flowId, { include: ['fields'] })
    .then((flow) => ({ fields: Array.isArray(flow.fields) ? flow.fields.map(String) : [] }));
  const others = findOtherColumns(columns, { remembered: readRemembered(place, window.localStorage), fields });
  const taken = Object.keys(others).length;
  return {
    ...{ jobId, taken: taken > 0 && (await changeOnceChecked(jobId, others)) ? taken : 0 },
    rows: await readFirstRows(file, sent.file),
    samples: new Map(columns.map(({ column, samples = [] }) => [column, samples])),
  };
}

const TRIES_MAX = 40;
const TRY_MS = 250;

/** An import is changed while it waits, so its first check has to end. false: it takes longer, and the guess stays. */
async function changeOnceChecked(id: string, columns: Record<string, string | null>): Promise<boolean> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const found = await api.readLeadImport(id);
    if (found.job.state === 'waiting') {
      await api.changeLeadImport(id, { columns });
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  return false;
}

function Import({ id, chosen }: { id: string; chosen: Chosen | null }) {
  const { change } = useAddress();
  const { data: found, error, refetch } = useQuery(leadImportQuery(id));
  if (found === undefined)
    return error ? (
      <Stack align="flex-start">
        <ErrorState error={error} reset={() => void refetch()} />
        <Button variant="default" onClick={() => change({ job: undefined })}>
          Choose another file
        </Button>
      </Stack>
    ) : (
      <TableSkeleton rows={SKELETON_ROWS} />
    );
  if (found.job.state !== 'waiting' && !isChecking(found)) return <ImportEnded job={found.job} />;
  return <OpenImport found={found} chosen={chosen} />;
}

function OpenImport({ found, chosen }: { found: LeadImport; chosen: Chosen | null }) {
  const { data: place } = useQuery(importFlowQuery(found.flow_id));
  const { data: flows } = useQuery(flowNamesQuery);
  const source = flows?.find(({ id }) => id === found.flow_id)?.sources.find(({ id }) => id === found.source_id);
  const isBusy = isChecking(found);
  const { encoding, gzip, columns } = found.file;
  return (
    <Stack gap="xl">
      <Text>
        {columns.length} columns, in {encoding}
        {gzip && ', compressed with gzip'}, for the source <bdi>{source?.name ?? found.source_id}</bdi> of{' '}
        <bdi>{place?.flowName ?? found.flow_id}</bdi>. The address of this page leads back here: the file waits for 7
        days.
      </Text>
      {chosen !== null && chosen.taken > 0 && (
        <Alert variant="outline" maw={640}>
          {chosen.taken === 1 ? 'A column is' : `${chosen.taken} columns are`} read as in your last import into this
          source, not as guessed.
        </Alert>
      )}
      <ColumnsPart
        key={found.job.updated_at}
        found={found}
        fields={place?.fields ?? []}
        samples={chosen?.samples ?? null}
        isBusy={isBusy}
      />
      {isBusy || found.check === null ? (
        <Text role="status">The file is checked…</Text>
      ) : (
        <>
          <CheckPart check={found.check} />
          <StartPart found={found} check={found.check} sourceName={source?.name ?? found.source_id} />
        </>
      )}
      {chosen?.rows && <HeadTable rows={chosen.rows} hasHeader={found.file.header} />}
    </Stack>
  );
}
