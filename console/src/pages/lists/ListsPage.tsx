import { Anchor, Code } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type List, listsQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { PanelButton } from '../../parts/PanelButton.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { LibraryTabs } from '../library/LibraryTabs.tsx';
import { ListForm } from './ListForm.tsx';
import { describeTtl, TYPES } from './list-words.ts';

const COUNT = new Intl.NumberFormat('en-US');

const COLUMNS: readonly Column<List>[] = [
  {
    key: 'name',
    header: 'Name',
    wraps: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/lists/${id}`} inherit>
        <bdi>{name}</bdi>
      </Anchor>
    ),
  },
  { key: 'url', header: 'In rules', wraps: true, cell: ({ url_name: name }) => <Code>{name}</Code> },
  { key: 'type', header: 'Values', cell: ({ type }) => TYPES[type] },
  { key: 'count', header: 'Entries', isNumber: true, cell: ({ count }) => COUNT.format(count) },
  { key: 'ttl', header: 'Entries end after', cell: ({ ttl }) => describeTtl(ttl) },
  {
    key: 'jobs',
    header: 'Imports',
    isNumber: true,
    onLaptop: 'leaves',
    cell: ({ total_jobs: jobs }) => COUNT.format(jobs),
  },
  { key: 'created', header: 'Created', onLaptop: 'leaves', cell: ({ created_at: at }) => <Time at={at} /> },
];

const FILTERS = [
  {
    ...{ name: 'type', label: 'Values', has: ({ type }: List, value: string) => type === value },
    options: Object.entries(TYPES).map(([value, label]) => ({ value, label })),
  },
];

/** Lists that flows check leads against. */
export function ListsPage() {
  const { panel, close } = usePanel();
  const navigate = useNavigate();
  const mayWrite = useMay('lists.write');
  return (
    <ListFrame
      title="Lists"
      section="Library"
      text="Values that flows look up, such as phones that nobody may buy. What is on a list can be checked, never read back."
      tabs={<LibraryTabs />}
      permission="lists.read"
      noun={['list', 'lists']}
      query={listsQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ name, url_name: urlName, id }) => `${name} ${urlName} ${id}`}
      filters={FILTERS}
      action={mayWrite && <PanelButton panel="new">Create a list</PanelButton>}
      empty={{
        title: 'No lists yet',
        text: 'A list keeps phones, addresses or other values; a list check of a flow asks whether a lead is on it.',
      }}
    >
      {mayWrite && panel === 'new' && (
        <ListForm before={null} close={close} done={({ id }) => void navigate({ to: `/lists/${id}` })} />
      )}
    </ListFrame>
  );
}
