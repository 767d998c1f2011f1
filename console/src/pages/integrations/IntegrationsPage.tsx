import { Anchor, Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Package } from '../../api/library.ts';
import { type Module, modulesQuery, packagesQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { Section } from '../../parts/Section.tsx';
import { LibraryTabs } from '../library/LibraryTabs.tsx';

const COUNT = new Intl.NumberFormat('en-US');
export const DIRECTIONS: Readonly<Record<Module['type'], string>> = {
  inbound: 'Takes leads',
  outbound: 'Delivers or asks',
};

const COLUMNS: readonly Column<Module>[] = [
  {
    key: 'name',
    header: 'Module',
    wraps: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/integrations/${id}`} inherit>
        <bdi>{name}</bdi>
      </Anchor>
    ),
  },
  { key: 'id', header: 'Id', wraps: true, cell: ({ id }) => <Code>{id}</Code> },
  { key: 'type', header: 'What it does', cell: ({ type }) => DIRECTIONS[type] },
  {
    key: 'takes',
    header: 'Properties',
    isNumber: true,
    cell: ({ request_variables: variables }) => COUNT.format(variables.length),
  },
  {
    key: 'appends',
    header: 'Answers',
    isNumber: true,
    cell: ({ response_variables: variables }) => COUNT.format(variables.length),
  },
];

const FILTERS = [
  {
    ...{ name: 'type', label: 'What it does', has: ({ type }: Module, value: string) => type === value },
    options: Object.entries(DIRECTIONS).map(([value, label]) => ({ value, label })),
  },
];

/** What flows can take leads with and deliver them with. */
export function IntegrationsPage() {
  return (
    <ListFrame
      title="Integrations"
      section="Library"
      text="Modules that sources and steps of flows name: how leads come in, and how they are delivered and enhanced."
      tabs={<LibraryTabs />}
      permission="flows.read"
      noun={['module', 'modules']}
      query={modulesQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ id, name, description, tag }) => `${name} ${id} ${description} ${tag ?? ''}`}
      filters={FILTERS}
      empty={{ title: 'No modules', text: 'This server has no modules, which should not be.' }}
    >
      <Packages />
    </ListFrame>
  );
}

const PACKAGE_COLUMNS: readonly Column<Package>[] = [
  { key: 'name', header: 'Package', wraps: true, cell: ({ name }) => <bdi>{name}</bdi> },
  { key: 'id', header: 'Id', wraps: true, cell: ({ id }) => <Code>{id}</Code> },
  { key: 'version', header: 'Version', cell: ({ version }) => version },
  { key: 'modules', header: 'Modules', isNumber: true, cell: ({ paths }) => COUNT.format(paths.length) },
  { key: 'origin', header: 'Origin', cell: ({ built_in: isBuiltIn }) => (isBuiltIn ? 'Built in' : 'Installed') },
  { key: 'does', header: 'What it does', wraps: true, cell: ({ description }) => description },
];

function Packages() {
  const { data: packages } = useQuery({ ...packagesQuery, enabled: useMay('flows.read') });
  if (packages === undefined) return null;
  return (
    <Section
      title="Packages"
      text="Modules come in packages: those of the server, and those that were installed beside it."
    >
      {packages.length === 0 ? (
        <Text c="dimmed">None.</Text>
      ) : (
        <DataTable caption="Packages" columns={PACKAGE_COLUMNS} rows={packages} getKey={({ id }) => id} />
      )}
    </Section>
  );
}
