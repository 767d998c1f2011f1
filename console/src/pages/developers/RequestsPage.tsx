import { Anchor, Button, Code, Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KEY_REQUESTS_SHOWN, type KeyRequest, keyRequestsQuery } from '../../api/key-requests.ts';
import { type ApiKey, apiKeysQuery } from '../../api/people.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useAddress } from '../../parts/use-address.ts';
import { useTitle } from '../../parts/use-title.ts';
import { DeveloperTabs } from './DeveloperTabs.tsx';
import { chooseKey, describeStatus, listOperations, readRequestFilter } from './request-filter.ts';

/** What one API key asked for lately: the first place to look when a program gets errors. */
export function RequestsPage() {
  useTitle('Requests', 'Developers');
  const mayRead = useMay('keys.manage');
  return (
    <>
      <PageHeader
        title="Requests"
        text="What an API key asked for in the last 7 days, without values. Leads and feedback are not here: they are events."
      />
      <DeveloperTabs />
      {mayRead ? <OfKeys /> : <NoPermission what="requests of API keys" permission="keys.manage" />}
    </>
  );
}

const SKELETON_ROWS = 15;

function OfKeys() {
  const { search } = useAddress();
  const { data: keys, error, refetch } = useQuery(apiKeysQuery);
  if (keys === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  const key = chooseKey(keys, search['key']);
  if (key === undefined)
    return (
      <EmptyState title="No API keys yet" text="A program needs one for its first request.">
        <Button component={Link} to="/settings/api-keys">
          Go to API keys
        </Button>
      </EmptyState>
    );
  return <OfKey apiKey={key} keys={keys} />;
}

const COUNT = new Intl.NumberFormat('en-US');
const MS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

const COLUMNS: readonly Column<KeyRequest>[] = [
  { key: 'status', header: 'Status', cell: ({ status }) => <OutcomeBadge {...describeStatus(status)} /> },
  { key: 'operation', header: 'Operation', onLaptop: 'wraps', cell: (row) => <Operation row={row} /> },
  {
    ...{ key: 'route', header: 'Route', wraps: true },
    cell: ({ method, path }) => `${method} ${path}`,
    textOf: ({ method, path }) => `${method} ${path}`,
  },
  { key: 'at', header: 'Answered', onLaptop: 'wraps', cell: ({ at }) => <Time at={at} /> },
  { key: 'ms', header: 'ms', isNumber: true, cell: ({ ms }) => MS.format(ms) },
  {
    ...{ key: 'bytes', header: 'Bytes', isNumber: true },
    cell: ({ bytes }) => (bytes === null ? '–' : COUNT.format(bytes)),
  },
  { key: 'trace', header: 'Trace id', cell: ({ trace_id: id }) => <Code>{id}</Code> },
];
/** Only where some are missing. */
const MISSING: Column<KeyRequest> = {
  ...{ key: 'skipped', header: 'Missing before it', isNumber: true },
  cell: ({ skipped }) => (skipped === 0 ? '' : COUNT.format(skipped)),
};

function Operation({ row: { operation } }: { row: KeyRequest }) {
  return (
    <Anchor component={Link} to="/developers" search={{ operation } as never} inherit>
      {operation}
    </Anchor>
  );
}

function OfKey({ apiKey, keys }: { apiKey: ApiKey; keys: readonly ApiKey[] }) {
  const { search } = useAddress();
  const { data: rows, error, refetch } = useQuery(keyRequestsQuery(apiKey.id, readRequestFilter(search)));
  const isMissing = rows?.some(({ skipped }) => skipped > 0) === true;
  return (
    <>
      <Filters {...{ apiKey, keys }} rows={rows ?? []} />
      {rows === undefined ? (
        error ? (
          <ErrorState error={error} reset={() => void refetch()} />
        ) : (
          <TableSkeleton rows={SKELETON_ROWS} />
        )
      ) : rows.length === 0 ? (
        <NoRows apiKey={apiKey} />
      ) : (
        <DataTable
          caption="Requests"
          columns={isMissing ? [...COLUMNS, MISSING] : COLUMNS}
          rows={rows}
          getKey={({ id }) => id}
          isList
        />
      )}
      {isMissing && (
        <Text size="sm" mt="sm">
          Some requests are missing: more came at once than could be written.
        </Text>
      )}
      {rows && <Pages rows={rows} refresh={() => void refetch()} />}
    </>
  );
}

const STATUSES = [
  { value: '', label: 'All' },
  { value: 'errors', label: 'Errors only' },
];

function Filters({ apiKey, keys, rows }: { apiKey: ApiKey; keys: readonly ApiKey[]; rows: readonly KeyRequest[] }) {
  const { search, change } = useAddress();
  const set = (name: string, value: string | null) => change({ [name]: value ?? undefined, before: undefined });
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <Select
        label="API key"
        data={keys.map(({ id, name, prefix }) => ({
          value: id,
          label: prefix === null ? name : `${name} (${prefix}…)`,
        }))}
        value={apiKey.id}
        onChange={(value) => set('key', value)}
        allowDeselect={false}
        searchable
        w={280}
      />
      <Select
        label="Answers"
        data={STATUSES}
        value={search['status'] === 'errors' ? 'errors' : ''}
        onChange={(value) => set('status', value)}
        allowDeselect={false}
        w={160}
      />
      <Select
        label="Operation"
        data={[{ value: '', label: 'All' }, ...listOperations(rows, search['operation'])]}
        value={search['operation'] ?? ''}
        onChange={(value) => set('operation', value)}
        allowDeselect={false}
        searchable
        w={220}
      />
      <Button variant="default" component={Link} to="/settings/api-keys" search={{ panel: apiKey.id } as never}>
        Show the key
      </Button>
    </Group>
  );
}

function NoRows({ apiKey }: { apiKey: ApiKey }) {
  const { search, change } = useAddress();
  const isFiltered = ['status', 'operation', 'before'].some((name) => search[name] !== undefined);
  if (!isFiltered)
    return (
      <EmptyState
        title="No requests in the last 7 days"
        text={`The key "${apiKey.name}" asked for nothing, or submitted leads alone. A request is here a second after its answer.`}
      />
    );
  return (
    <EmptyState title="No requests match" text="Other answers and operations may have some.">
      <Button variant="default" onClick={() => change({ status: undefined, operation: undefined, before: undefined })}>
        Show all requests
      </Button>
    </EmptyState>
  );
}

function Pages({ rows, refresh }: { rows: readonly KeyRequest[]; refresh(): void }) {
  const { search, change } = useAddress();
  const last = rows.at(-1);
  const isFirst = search['before'] === undefined;
  return (
    <Group gap="sm" mt="sm">
      {isFirst ? (
        <Button variant="default" size="compact-sm" onClick={refresh}>
          Load again
        </Button>
      ) : (
        <Button variant="default" size="compact-sm" onClick={() => change({ before: undefined })}>
          Back to the newest
        </Button>
      )}
      {last !== undefined && rows.length >= KEY_REQUESTS_SHOWN && (
        <Button variant="default" size="compact-sm" onClick={() => change({ before: last.id })}>
          Show older ones
        </Button>
      )}
      <Text size="sm" c="dimmed" role="status">
        {rows.length} on this page
      </Text>
    </Group>
  );
}
