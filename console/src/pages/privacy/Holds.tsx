import { Button, Group, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Hold, holdsQuery } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { Section } from '../../parts/Section.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { NOBODY, type Subject, SubjectFields, writeSubject } from './SubjectFields.tsx';

const COUNT = new Intl.NumberFormat('en-US');
const KINDS: Readonly<Record<Hold['kind'], string>> = { leads: 'Leads', email: 'A person', phone: 'A person' };

const COLUMNS: readonly Column<Hold>[] = [
  { key: 'note', header: 'Note', wraps: true, cell: ({ note }) => <bdi>{note === '' ? 'Without a note' : note}</bdi> },
  { key: 'kind', header: 'Keeps', cell: ({ kind }) => KINDS[kind] },
  { key: 'leads', header: 'Leads', isNumber: true, cell: ({ leads }) => COUNT.format(leads) },
  { key: 'by', header: 'By', wraps: true, cell: ({ created_by: by }) => <bdi>{by.name}</bdi> },
  { key: 'at', header: 'Since', cell: ({ created_at: at }) => <Time at={at} /> },
  { key: 'end', header: 'Action', cell: (hold) => <Release hold={hold} /> },
];

function Release({ hold: { id } }: { hold: Hold }) {
  const release = useChange({
    run: () => api.releaseHold(id),
    keys: [holdsQuery.queryKey],
    said: 'The hold was released',
  });
  return (
    <AskFirst
      isSmall
      button="Release…"
      title="Release this hold?"
      verb="Release hold"
      run={() => release.mutate()}
      isRunning={release.isPending}
      error={release.error}
    >
      Leads that no other hold keeps go when their period ends.
    </AskFirst>
  );
}

/** Leads that neither retention nor an erasure may delete. */
export function Holds() {
  const { data, error, refetch } = useQuery(holdsQuery);
  const { panel, open, close } = usePanel();
  return (
    <Section title="Legal holds" text="Leads that must stay: they outlast their period, and an erasure leaves them.">
      {data === undefined ? (
        error ? (
          <ErrorState error={error} reset={() => void refetch()} />
        ) : (
          <TableSkeleton rows={2} />
        )
      ) : data.length === 0 ? (
        <Text c="dimmed">Nothing is held.</Text>
      ) : (
        <DataTable caption="Legal holds" columns={COLUMNS} rows={data} getKey={({ id }) => id} />
      )}
      <Group>
        <Button variant="default" onClick={() => open('hold')}>
          Hold leads
        </Button>
      </Group>
      {panel === 'hold' && <HoldForm close={close} />}
    </Section>
  );
}

const NOTE_CHARACTERS_MAX = 1_000;

function HoldForm({ close }: { close(): void }) {
  const [subject, setSubject] = useState<Subject>(NOBODY);
  const [note, setNote] = useState('');
  const hold = useChange({
    run: () => api.createHold({ ...writeSubject(subject), ...(note.trim() !== '' && { note: note.trim() }) }),
    keys: [holdsQuery.queryKey, ['jobs']],
    said: 'The leads are held',
    done: close,
  });
  return (
    <FormPanel
      title="Hold leads"
      text="Of a person all leads, also those to come; a job finds those that there are."
      verb="Hold leads"
      change={hold}
      close={close}
    >
      <SubjectFields value={subject} onChange={setSubject} error={Object.values(findFieldErrors(hold.error))[0]} />
      <TextInput
        label="Note"
        description="Such as the number of the case. The person is not shown again."
        value={note}
        onChange={({ currentTarget: { value } }) => setNote(value)}
        maxLength={NOTE_CHARACTERS_MAX}
      />
    </FormPanel>
  );
}
