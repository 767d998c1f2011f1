import { Button, Stack, Text } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { type List, listQuery, listsQuery, listUsesQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { DetailFrame } from '../../parts/DetailFrame.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Section } from '../../parts/Section.tsx';
import { Time } from '../../parts/Time.tsx';
import { Uses } from '../../parts/Uses.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { ListForm } from '../lists/ListForm.tsx';
import { describeTtl, TYPES } from '../lists/list-words.ts';
import { ImportFile } from './ImportFile.tsx';
import { CheckValue, EditValues } from './ListValues.tsx';

const route = getRouteApi('/signed-in/lists/$listId');
const COUNT = new Intl.NumberFormat('en-US');

/** One list: what is said of it, its values one by one or from a file, and who checks it. */
export function ListDetailsPage() {
  const { listId } = route.useParams();
  const { panel, open, close } = usePanel();
  const mayWrite = useMay('lists.write');
  return (
    <DetailFrame
      parent={{ to: '/lists', title: 'Lists' }}
      noun="list"
      permission="lists.read"
      query={listQuery(listId)}
      nameOf={({ name }) => name}
      actions={() =>
        mayWrite && (
          <Button variant="default" onClick={() => open('edit')}>
            Change
          </Button>
        )
      }
    >
      {(list) => (
        <>
          <Facts
            facts={[
              ['Entries', COUNT.format(list.count)],
              ['Values', `${TYPES[list.type]}${list.allows_md5 && list.type !== 'md5' ? ', also as MD5s' : ''}`],
              ['In rules', list.url_name],
              ['Entries end after', describeTtl(list.ttl)],
              ['Imports', COUNT.format(list.total_jobs)],
              ['Created', <Time key="created" at={list.created_at} />],
            ]}
          />
          <Section title="Check a value" text="Is it on the list? Nobody can read a list back.">
            <CheckValue list={list} />
          </Section>
          {mayWrite ? (
            <>
              <Section title="Add and remove values">
                <EditValues list={list} />
              </Section>
              <Section title="Import a file" text="A text file with one value a line, or a CSV file; also with gzip.">
                <ImportFile list={list} />
              </Section>
            </>
          ) : (
            <Text c="dimmed" size="sm">
              Changing a list takes the permission lists.write. An owner can give you another role.
            </Text>
          )}
          <Section title="Used by">
            <Uses query={listUsesQuery(list.id)} nothing="No flow checks this list." />
          </Section>
          {mayWrite && <RemoveList list={list} />}
          {mayWrite && panel === 'edit' && <ListForm before={list} close={close} done={close} />}
        </>
      )}
    </DetailFrame>
  );
}

function RemoveList({ list: { id, count } }: { list: List }) {
  const navigate = useNavigate();
  const remove = useChange({
    run: () => api.removeList(id),
    keys: [listsQuery.queryKey],
    said: 'The list was removed',
    done: () => void navigate({ to: '/lists' }),
  });
  return (
    <Section title="Remove">
      <Stack align="flex-start">
        <AskFirst
          button="Remove list…"
          title="Remove this list?"
          verb="Remove list"
          run={() => remove.mutate()}
          isRunning={remove.isPending}
          error={remove.error}
        >
          Its {COUNT.format(count)} entries go with it and cannot be brought back. A list that a flow checks stays.
        </AskFirst>
      </Stack>
    </Section>
  );
}
