import { type Entity, entitiesQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { PanelButton, PanelName } from '../../parts/PanelButton.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { LibraryTabs } from '../library/LibraryTabs.tsx';
import { EntityForm } from './EntityForm.tsx';
import { EntityPanel } from './EntityPanel.tsx';
import { RECIPIENTS, SOURCES } from './entity-words.ts';

const COUNT = new Intl.NumberFormat('en-US');

const COLUMNS: readonly Column<Entity>[] = [
  { key: 'name', header: 'Name', wraps: true, cell: ({ id, name }) => <PanelName panel={id}>{name}</PanelName> },
  { key: 'source', header: 'As a source', cell: ({ source }) => (source === null ? '–' : SOURCES[source]) },
  {
    key: 'recipient',
    header: 'As a recipient',
    cell: ({ recipient }) => (recipient === null ? '–' : RECIPIENTS[recipient]),
  },
  { key: 'flows', header: 'Flows', isNumber: true, cell: ({ flow_ids: flows }) => COUNT.format(flows.length) },
  {
    key: 'modules',
    header: 'Modules',
    isNumber: true,
    cell: ({ module_ids: modules }) => COUNT.format(modules.length),
  },
  { key: 'created', header: 'Created', cell: ({ created_at: at }) => <Time at={at} /> },
];

const FILTERS = [
  {
    ...{ name: 'side', label: 'Side' },
    options: [
      { value: 'source', label: 'Sources' },
      { value: 'recipient', label: 'Recipients' },
    ],
    has: (entity: Entity, value: string) => (value === 'source' ? entity.source : entity.recipient) !== null,
  },
];

/** Who sends leads and who receives them. */
export function EntitiesPage() {
  const { panel, close } = usePanel();
  const mayWrite = useMay('flows.write');
  const mayRead = useMay('flows.read');
  return (
    <ListFrame
      title="All partners"
      section="Library"
      text="Companies and systems that send leads or receive them; the API calls them entities. Sources and steps of flows name them."
      tabs={<LibraryTabs />}
      permission="flows.read"
      noun={['partner', 'partners']}
      query={entitiesQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ id, name, description }) => `${name} ${description ?? ''} ${id}`}
      filters={FILTERS}
      action={mayWrite && <PanelButton panel="new">Add a partner</PanelButton>}
      empty={{
        title: 'No partners yet',
        text: 'Saving a flow adds those that its sources and steps name; or add one here.',
      }}
    >
      {mayWrite && panel === 'new' && <EntityForm before={null} close={close} done={close} />}
      {mayRead && panel !== undefined && panel !== 'new' && <EntityPanel id={panel} close={close} />}
    </ListFrame>
  );
}
