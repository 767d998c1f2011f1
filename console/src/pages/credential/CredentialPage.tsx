import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import {
  type Credential,
  type CredentialType,
  type CredentialUse,
  credentialQuery,
  credentialsQuery,
  credentialTypesQuery,
  credentialUsesQuery,
} from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { DetailFrame } from '../../parts/DetailFrame.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { nameProperty } from '../../parts/name-property.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Section } from '../../parts/Section.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { CredentialForm } from '../credentials/CredentialForm.tsx';
import { Expiry } from '../credentials/Expiry.tsx';

const route = getRouteApi('/signed-in/credentials/$credentialId');

/** One credential: what it consists of but for its secrets, whether it works, and who uses it. */
export function CredentialPage() {
  const { credentialId } = route.useParams();
  const { panel, open, close } = usePanel();
  const mayManage = useMay('credentials.manage');
  return (
    <DetailFrame
      parent={{ to: '/credentials', title: 'Credentials' }}
      noun="credential"
      permission="flows.read"
      query={credentialQuery(credentialId)}
      nameOf={({ name }) => name}
      actions={() => mayManage && <Button onClick={() => open('edit')}>Change or rotate</Button>}
    >
      {(credential) => (
        <>
          <CredentialFacts credential={credential} />
          {mayManage && <TestCredential credential={credential} />}
          <Section title="Used by" text="Flows as they are saved and as they run, pricing services, and batches.">
            <CredentialUses id={credential.id} />
          </Section>
          {mayManage ? (
            <RemoveCredential id={credential.id} />
          ) : (
            <Text c="dimmed" size="sm">
              Changing credentials takes the permission credentials.manage. An owner can give you another role.
            </Text>
          )}
          {mayManage && panel === 'edit' && <CredentialForm before={credential} close={close} done={close} />}
        </>
      )}
    </DetailFrame>
  );
}

function useType({ type }: Credential): CredentialType | undefined {
  return useQuery(credentialTypesQuery).data?.find(({ name }) => name === type);
}

function CredentialFacts({ credential }: { credential: Credential }) {
  const type = useType(credential);
  const values: Record<string, unknown> = { ...credential };
  return (
    <Facts
      facts={[
        ['Type', type?.label ?? credential.type],
        ...(type?.attributes ?? []).map(({ name, secret }) => {
          const value = values[name];
          return [nameProperty(name), secret ? 'Not shown' : value === null ? '–' : String(value)] as const;
        }),
        ['Last used', credential.last_used_at === null ? 'Never' : <Time key="used" at={credential.last_used_at} />],
        ['Token ends', <Expiry key="expires" at={credential.expires_at} />],
        ['Last change', <Time key="changed" at={credential.updated_at} />],
      ]}
    />
  );
}

const TESTS: Readonly<Record<CredentialType['test'], string>> = {
  token: 'Fetches a token, and asks the URL with it if you give one.',
  url: 'Asks the URL with the credential.',
  mail: 'Logs in to the mail server. No message is sent.',
  sftp: 'Logs in to the server. No file is written.',
  none: 'It cannot be tested alone: send a test delivery of a step that uses it.',
};

function TestCredential({ credential }: { credential: Credential }) {
  const type = useType(credential);
  const [url, setUrl] = useState('');
  const test = useChange({
    run: () => api.testCredential(credential.id, url.trim() === '' ? {} : { url: url.trim() }),
    keys: [credentialQuery(credential.id).queryKey],
    said: 'The credential was tested',
  });
  if (type === undefined) return null;
  const takesUrl = type.test === 'url' || type.test === 'token';
  return (
    <Section title="Does it work?" text={TESTS[type.test]}>
      {type.test !== 'none' && (
        <form
          aria-label="Test"
          onSubmit={(event) => {
            event.preventDefault();
            test.mutate();
          }}
        >
          <Stack gap="sm" maw={560}>
            <Group gap="sm" align="flex-end" wrap="nowrap">
              {takesUrl && (
                <TextInput
                  label={type.test === 'token' ? 'URL, if you like' : 'URL'}
                  type="url"
                  placeholder="https://crm.example.com/me"
                  value={url}
                  onChange={({ currentTarget: { value } }) => setUrl(value)}
                  maxLength={2_000}
                  style={{ flexGrow: 1 }}
                />
              )}
              <Button type="submit" variant="default" loading={test.isPending}>
                Test
              </Button>
            </Group>
            {test.error && <FormFault error={test.error} />}
            {test.data && <Tested {...test.data} />}
          </Stack>
        </form>
      )}
    </Section>
  );
}

function Tested({ outcome, reason, status, ms }: Awaited<ReturnType<typeof api.testCredential>>) {
  const words = [reason, status === null ? null : `Status ${status}`, `${ms} ms`].filter((each) => each !== null);
  return (
    <Group gap="sm" role="status">
      <OutcomeBadge
        status={outcome === 'untested' ? 'skip' : outcome}
        word={outcome === 'success' ? 'It works' : outcome === 'failure' ? 'It does not work' : 'Not tested'}
      />
      <Text size="sm">{words.join(', ')}</Text>
    </Group>
  );
}

const COLUMNS: readonly Column<CredentialUse>[] = [
  { key: 'what', header: 'Where', wraps: true, cell: showUser },
  { key: 'path', header: 'Place', wraps: true, cell: ({ path }) => nameUse(path) },
  { key: 'saved', header: 'As saved', cell: ({ saved, flow }) => (flow ? (saved ? 'Yes' : 'No') : '–') },
  { key: 'runs', header: 'As published', cell: ({ deployed, flow }) => (flow ? (deployed ? 'Yes' : 'No') : '–') },
];

/** In words of the editor: `steps.0.credential_id` is step 1. Places are counted from 1. */
export function nameUse(path: string): string {
  const [part = '', place] = path.split('.');
  const number = Number(place) + 1;
  if (part === 'steps') return `Step ${number}`;
  if (part === 'sources') return `Source ${number}`;
  return USES[part] ?? path;
}

const USES: Readonly<Record<string, string>> = {
  target: 'The upload or mail of its files',
  credential_id: 'Its requests',
  destinations: 'A destination',
  firehose: 'Copies of events',
  firehose_azure: 'Copies of events',
};

function showUser({ flow, pricing_service: service, batch }: CredentialUse) {
  if (flow)
    return (
      <Anchor component={Link} to={`/flows/${flow.id}`} inherit>
        <bdi>{flow.name ?? flow.id}</bdi>
      </Anchor>
    );
  if (batch)
    return (
      <Anchor component={Link} to={`/batches/${batch.id}`} inherit>
        <bdi>{`Batch ${batch.name ?? batch.id}`}</bdi>
      </Anchor>
    );
  return <bdi>{`Pricing service ${service?.name ?? service?.id ?? ''}`}</bdi>;
}

function CredentialUses({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(credentialUsesQuery(id));
  if (data === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={2} />;
  if (data.length === 0) return <Text c="dimmed">Nothing uses this credential.</Text>;
  return (
    <DataTable
      caption="Uses"
      columns={COLUMNS}
      rows={data}
      getKey={({ flow, pricing_service: service, batch, path }) => `${(flow ?? service ?? batch)?.id} ${path}`}
    />
  );
}

function RemoveCredential({ id }: { id: string }) {
  const navigate = useNavigate();
  const remove = useChange({
    run: () => api.removeCredential(id),
    keys: [credentialsQuery.queryKey],
    said: 'The credential was removed',
    done: () => void navigate({ to: '/credentials' }),
  });
  return (
    <Section title="Remove">
      <Stack align="flex-start">
        <AskFirst
          button="Remove credential…"
          title="Remove this credential?"
          verb="Remove credential"
          run={() => remove.mutate()}
          isRunning={remove.isPending}
          error={remove.error}
        >
          Its secrets are deleted for good. One that something uses stays.
        </AskFirst>
      </Stack>
    </Section>
  );
}
