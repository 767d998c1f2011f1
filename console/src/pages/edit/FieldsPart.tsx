import { Button, Select, Text, Title } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { useDraftStore, useDraftValue } from '../../editor/draft/use-draft.ts';
import { announce } from '../../parts/announce.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { noteOverflow } from '../../parts/note-overflow.ts';
import classes from './edit.module.css';
import { FaultNotes } from './FaultNotes.tsx';
import type { FaultIndex } from './fault-index.ts';
import { buildFieldRows, type FieldRow, listDropped } from './field-rows.ts';
import { countOf } from './summaries.ts';
import { useEdit } from './use-edit.ts';
import { fieldsQuery } from './use-names.ts';

const usageQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['field-usage', flowId],
    queryFn: () => api.countFieldUsage(flowId, { timeframe: 'this_7_days' }),
    staleTime: 60_000,
    retry: false,
  });

/** What a lead keeps; everything else that is sent is dropped. */
export function FieldsPart({ faults }: { faults: FaultIndex }) {
  const { flowId, isReadOnly } = useEdit();
  // Where fields are read is looked up after what was typed is shown.
  const document = useDeferredValue(useDraftValue((snapshot) => snapshot.document));
  const { data: known = [] } = useQuery(fieldsQuery);
  const { data: usage } = useQuery(usageQuery(flowId));
  const rows = useMemo(() => buildFieldRows(document, known), [document, known]);
  const dropped = useMemo(() => listDropped(document), [document]);
  return (
    <section aria-labelledby="fields">
      <div className={classes['head']}>
        <div>
          <Title order={2} id="fields">
            Fields
          </Title>
          <Text size="sm" c="dimmed">
            A lead keeps these; everything else that is sent is dropped. Pages for vendors list them in this order.
          </Text>
        </div>
        {!isReadOnly && <AddField known={known} />}
      </div>
      <FaultNotes faults={faults.at('fields')} />
      <Dropped dropped={dropped} />
      {rows.length === 0 ? (
        <EmptyState
          title="No fields yet"
          text="Without a field, nothing of what is sent is kept. Add those that you need."
        />
      ) : (
        <FieldTable rows={rows} usage={usage} />
      )}
    </section>
  );
}

/** Fields that something reads and no lead has. */
function Dropped({ dropped }: { dropped: ReturnType<typeof listDropped> }) {
  const { isReadOnly } = useEdit();
  const store = useDraftStore();
  if (dropped.length === 0) return null;
  const ids = dropped.map(({ id }) => id);
  const add = () =>
    store.change(
      (document) => ({ ...document, fields: [...document.fields, ...ids] }),
      `Added ${countOf(ids.length, 'field')}`,
    );
  return (
    <div className={classes['dropped']}>
      <Text size="sm">
        The flow reads <b>{ids.slice(0, 8).join(', ')}</b>
        {ids.length > 8 && ` and ${ids.length - 8} more`}, which it does not keep:{' '}
        {ids.length === 1 ? 'it is' : 'they are'} always empty.
      </Text>
      {!isReadOnly && (
        <Button variant="default" size="compact-sm" onClick={add}>
          {ids.length === 1 ? 'Keep it' : 'Keep them'}
        </Button>
      )}
    </div>
  );
}

function FieldTable({ rows, usage }: { rows: readonly FieldRow[]; usage: Record<string, number> | undefined }) {
  const { isReadOnly } = useEdit();
  return (
    <div ref={noteOverflow} className={classes['matrixFrame']}>
      <table className={classes['matrix']}>
        <caption className={classes['unseen']}>Fields of the flow in their order</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Parameter</th>
            <th scope="col">Type</th>
            <th scope="col">Read by</th>
            <th scope="col" data-number>
              Leads in 7 days
            </th>
            {!isReadOnly && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.id} data-field={index}>
              <th scope="row">
                <bdi>{row.name}</bdi>
              </th>
              <td data-label="Parameter">
                <code>{row.id}</code>
              </td>
              <td data-label="Type">{row.type ?? <span className={classes['none']}>not in the account</span>}</td>
              <td data-label="Read by" title={row.places.join('\n')}>
                {row.places.length === 0 ? (
                  <span className={classes['none']}>nothing</span>
                ) : (
                  describePlaces(row.places)
                )}
              </td>
              <td data-label="Leads in 7 days" data-number>
                {usage === undefined ? '–' : (usage[row.id] ?? 0).toLocaleString('en-US')}
              </td>
              {!isReadOnly && (
                <td>
                  <FieldActions row={row} index={index} isLast={index === rows.length - 1} usage={usage?.[row.id]} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function describePlaces(places: readonly string[]): string {
  const [first = ''] = places;
  const short = first.length > 28 ? `${first.slice(0, 27)}…` : first;
  return places.length === 1 ? short : `${short} and ${places.length - 1} more`;
}

function FieldActions(given: { row: FieldRow; index: number; isLast: boolean; usage: number | undefined }) {
  const { row, index, isLast, usage = 0 } = given;
  const store = useDraftStore();
  const tools = useEdit();
  const change = (edit: (fields: string[]) => string[], what: string) => {
    store.change((document) => ({ ...document, fields: edit(document.fields) }), what);
    announce(what);
  };
  const move = (to: number) => {
    change((fields) => fields.toSpliced(index, 1).toSpliced(to, 0, row.id), `Moved ${row.name} to place ${to + 1}`);
    const action = to < index ? 'up' : 'down';
    requestAnimationFrame(() =>
      window.document.querySelector<HTMLElement>(`[data-field="${to}"] [data-action="${action}"]`)?.focus(),
    );
  };
  const remove = () => {
    const act = () => {
      change((fields) => fields.filter((id) => id !== row.id), `Removed the field ${row.name}`);
      tools.tellDone(`Removed the field ${row.name}.`);
    };
    if (row.places.length === 0 && usage === 0) return act();
    tools.confirm({
      title: `Remove the field ${row.name}?`,
      sentences: [
        'Leads do not keep it any more, and whatever reads it finds nothing.',
        ...(usage > 0 ? [`In the last 7 days ${countOf(usage, 'lead')} came with it.`] : []),
        ...row.places.slice(0, 8).map((place) => `Read by ${place}`),
      ],
      ...{ verb: 'Remove field', act },
    });
  };
  const small = { variant: 'default', size: 'compact-sm' } as const;
  return (
    <div className={classes['rowActions']}>
      <Button
        {...small}
        data-action="up"
        disabled={index === 0}
        aria-label={`Move ${row.name} up`}
        onClick={() => move(index - 1)}
      >
        <IconArrowUp size={16} aria-hidden />
      </Button>
      <Button
        {...small}
        data-action="down"
        disabled={isLast}
        aria-label={`Move ${row.name} down`}
        onClick={() => move(index + 1)}
      >
        <IconArrowDown size={16} aria-hidden />
      </Button>
      <Button {...small} aria-label={`Remove the field ${row.name}`} onClick={remove}>
        Remove
      </Button>
    </div>
  );
}

const OFFERED_MAX = 60;

function AddField({ known }: { known: readonly { id: string; name: string }[] }) {
  const store = useDraftStore();
  const fields = useDraftValue(({ document }) => document.fields);
  const mayMake = useMay('fields.write');
  const kept = new Set(fields);
  const add = (id: string | null) => {
    if (id === null) return;
    const name = known.find((field) => field.id === id)?.name ?? id;
    store.change((document) => ({ ...document, fields: [...document.fields, id] }), `Added the field ${name}`);
    announce(`Added the field ${name}`);
  };
  return (
    <Select
      label="Add a field"
      placeholder="Find a field"
      data={known.filter(({ id }) => !kept.has(id)).map(({ id, name }) => ({ value: id, label: `${name} (${id})` }))}
      value={null}
      onChange={add}
      searchable
      limit={OFFERED_MAX}
      w={280}
      nothingFoundMessage={
        mayMake ? 'The account has no such field. POST /fields makes one.' : 'The account has no such field.'
      }
    />
  );
}
