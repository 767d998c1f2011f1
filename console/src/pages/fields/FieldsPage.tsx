import { Code } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Field, fieldFlowsQuery, fieldsQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { PanelButton, PanelName } from '../../parts/PanelButton.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { LibraryTabs } from '../library/LibraryTabs.tsx';
import { FieldForm } from './FieldForm.tsx';
import { FieldPanel } from './FieldPanel.tsx';

const COUNT = new Intl.NumberFormat('en-US');

const FILTERS = [
  {
    ...{
      name: 'kind',
      label: 'Kind',
      has: ({ standard }: Field, value: string) => standard === (value === 'standard'),
    },
    options: [
      { value: 'own', label: 'Own' },
      { value: 'standard', label: 'Standard' },
    ],
  },
];

/** Fields that leads can have: built in, and the account's own. */
export function FieldsPage() {
  const { panel, close } = usePanel();
  const mayWrite = useMay('fields.write');
  const mayRead = useMay('flows.read');
  const { data: flowsOf } = useQuery({ ...fieldFlowsQuery, enabled: mayRead });
  const columns = useMemo(() => buildColumns(flowsOf), [flowsOf]);
  return (
    <ListFrame
      title="Fields"
      section="Library"
      text="What leads may be sent with. Standard fields are the same everywhere; add your own for the rest."
      tabs={<LibraryTabs />}
      permission="flows.read"
      noun={['field', 'fields']}
      query={fieldsQuery}
      columns={columns}
      keyOf={({ id }) => id}
      textOf={({ id, name, type }) => `${name} ${id} ${type}`}
      filters={FILTERS}
      action={mayWrite && <PanelButton panel="new">Add a field</PanelButton>}
      empty={{ title: 'No fields', text: 'This server has no standard fields, which should not be.' }}
    >
      {mayWrite && panel === 'new' && <FieldForm before={null} close={close} done={close} />}
      {panel !== undefined && panel !== 'new' && <FieldPanel id={panel} flowsOf={flowsOf} close={close} />}
    </ListFrame>
  );
}

function buildColumns(flowsOf: ReadonlyMap<string, readonly unknown[]> | undefined): Column<Field>[] {
  return [
    {
      key: 'name',
      header: 'Name',
      wraps: true,
      cell: ({ id, name, deprecated }) => (
        <>
          <PanelName panel={id}>{name}</PanelName>
          {deprecated && ' (deprecated)'}
        </>
      ),
    },
    { key: 'id', header: 'Parameter', wraps: true, cell: ({ id }) => <Code>{id}</Code> },
    { key: 'type', header: 'Type', cell: ({ type }) => type.replaceAll('_', ' ') },
    { key: 'kind', header: 'Kind', cell: ({ standard }) => (standard ? 'Standard' : 'Own') },
    { key: 'masked', header: 'Masked', cell: ({ masked }) => (masked ? 'Yes' : 'No') },
    {
      key: 'flows',
      header: 'Flows',
      isNumber: true,
      cell: ({ id }) => (flowsOf === undefined ? '' : COUNT.format(flowsOf.get(id)?.length ?? 0)),
    },
  ];
}
