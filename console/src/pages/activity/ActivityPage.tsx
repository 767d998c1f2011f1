import { Anchor, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ACTIVITY_MAX, type Activity, activityQuery } from '../../api/activity.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { PanelName } from '../../parts/PanelButton.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { useAddress, usePanel } from '../../parts/use-address.ts';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { ACTIONS, findSubjectPage, KINDS, readActivityFilter } from './activity-words.ts';
import { ChangePanel } from './ChangePanel.tsx';

/** Who changed what, and when. */
export function ActivityPage() {
  useTitle('Activity', 'Settings');
  const mayRead = useMay('activity.read');
  return (
    <>
      <PageHeader
        title="Activity"
        text="Who changed what, for three years. Each entry shows its values before and after."
      />
      <SettingsTabs />
      {mayRead ? <Log /> : <NoPermission what="activity" permission="activity.read" />}
    </>
  );
}

const COLUMNS: readonly Column<Activity>[] = [
  {
    key: 'what',
    header: 'Change',
    cell: ({ id, kind, action }) => (
      <PanelName panel={id}>{`${KINDS[kind] ?? kind}: ${ACTIONS[action] ?? action}`}</PanelName>
    ),
  },
  { key: 'subject', header: 'Of', wraps: true, cell: showSubject, textOf: ({ subject }) => subject.name ?? subject.id },
  { key: 'actor', header: 'By', wraps: 'narrow', cell: (activity) => <Actor activity={activity} /> },
  { key: 'ip', header: 'From', cell: ({ ip }) => ip ?? 'The machine itself' },
  { key: 'at', header: 'When', onLaptop: 'wraps', cell: ({ at }) => <Time at={at} /> },
];

function showSubject(activity: Activity) {
  const { subject } = activity;
  const name = <bdi>{subject.name ?? subject.id}</bdi>;
  const page = findSubjectPage(activity);
  return page === null ? (
    name
  ) : (
    <Anchor component={Link} to={page} inherit>
      {name}
    </Anchor>
  );
}

function Actor({ activity: { actor } }: { activity: Activity }) {
  const { change } = useAddress();
  return (
    <Anchor
      component="button"
      type="button"
      inherit
      ta="start"
      onClick={() => change({ actor: actor.id, before: undefined })}
      aria-label={`Show what ${actor.name} changed`}
    >
      <bdi>{actor.name}</bdi>
    </Anchor>
  );
}

function Log() {
  const { search } = useAddress();
  const { account } = useSession();
  const { panel, close } = usePanel();
  const { data: rows, error, refetch } = useQuery(activityQuery(readActivityFilter(search, account.time_zone)));
  return (
    <>
      <Filters />
      {rows === undefined ? (
        error ? (
          <ErrorState error={error} reset={() => void refetch()} />
        ) : (
          <TableSkeleton rows={15} />
        )
      ) : rows.length === 0 ? (
        <NoRows />
      ) : (
        <DataTable caption="Activity" columns={COLUMNS} rows={rows} getKey={({ id }) => id} isList />
      )}
      {rows && <Pages lastId={rows.at(-1)?.id} count={rows.length} />}
      {panel !== undefined && <ChangePanel id={panel} entry={rows?.find(({ id }) => id === panel)} close={close} />}
    </>
  );
}

const listOptions = (words: Readonly<Record<string, string>>) => [
  { value: '', label: 'All' },
  ...Object.entries(words)
    .map(([value, label]) => ({ value, label }))
    .sort((one, other) => one.label.localeCompare(other.label)),
];
const KIND_OPTIONS = listOptions(KINDS);
const ACTION_OPTIONS = listOptions(ACTIONS);

function Filters() {
  const { search, change } = useAddress();
  const set = (name: string, value: string | null) => change({ [name]: value ?? undefined, before: undefined });
  return (
    <Toolbar>
      <Select
        label="What"
        data={KIND_OPTIONS}
        value={search['kind'] ?? ''}
        onChange={(value) => set('kind', value)}
        allowDeselect={false}
        searchable
        w={180}
      />
      <Select
        label="Change"
        data={ACTION_OPTIONS}
        value={search['action'] ?? ''}
        onChange={(value) => set('action', value)}
        allowDeselect={false}
        searchable
        w={180}
      />
      <TextInput
        label="From"
        type="date"
        value={search['from'] ?? ''}
        onChange={({ currentTarget: { value } }) => set('from', value)}
        w={160}
      />
      <TextInput
        label="To"
        type="date"
        value={search['to'] ?? ''}
        onChange={({ currentTarget: { value } }) => set('to', value)}
        w={160}
      />
      {search['actor'] !== undefined && (
        <Button variant="default" onClick={() => set('actor', null)}>
          Show changes by everybody
        </Button>
      )}
      {search['subject'] !== undefined && (
        <Button variant="default" onClick={() => set('subject', null)}>
          Show changes of everything
        </Button>
      )}
    </Toolbar>
  );
}

const NO_FILTER = { kind: undefined, action: undefined, actor: undefined, subject: undefined, from: undefined };

function NoRows() {
  const { search, change } = useAddress();
  const { panel: _, ...filter } = search;
  if (Object.values(filter).every((each) => each === undefined))
    return (
      <EmptyState
        title="Nothing was changed yet"
        text="Each change of flows, lists, keys, users and settings is listed here."
      />
    );
  return (
    <EmptyState title="No changes match" text="Other kinds, people and days may have some.">
      <Button variant="default" onClick={() => change({ ...NO_FILTER, to: undefined, before: undefined })}>
        Show all changes
      </Button>
    </EmptyState>
  );
}

function Pages({ lastId, count }: { lastId: string | undefined; count: number }) {
  const { search, change } = useAddress();
  const isFirst = search['before'] === undefined;
  const isFull = count >= ACTIVITY_MAX && lastId !== undefined;
  if (isFirst && !isFull) return null;
  return (
    <Group gap="sm" mt="sm">
      {!isFirst && (
        <Button variant="default" size="compact-sm" onClick={() => change({ before: undefined })}>
          Back to the newest
        </Button>
      )}
      {isFull && (
        <Button variant="default" size="compact-sm" onClick={() => change({ before: lastId })}>
          Show older ones
        </Button>
      )}
      <Text size="sm" c="dimmed">
        {count} on this page
      </Text>
    </Group>
  );
}
