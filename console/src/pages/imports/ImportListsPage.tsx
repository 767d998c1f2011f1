import { Button, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listsQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { useAddress } from '../../parts/use-address.ts';
import { useTitle } from '../../parts/use-title.ts';
import { JobTabs } from '../jobs/JobTabs.tsx';
import { ImportFile } from '../list-details/ImportFile.tsx';

/** A file of values for a list: the list, then how the file is read, then a job. */
export function ImportListsPage() {
  useTitle('Import values', 'Jobs');
  const mayRead = useMay('lists.read');
  const mayWrite = useMay('lists.write');
  return (
    <>
      <PageHeader
        title="Import values"
        text="The values of a file are added to a list, such as phones that nobody may buy, or take the place of all its entries."
      />
      <JobTabs />
      {!mayRead ? (
        <NoPermission what="lists" permission="lists.read" />
      ) : mayWrite ? (
        <Steps />
      ) : (
        <NoPermission what="imports of values" permission="lists.write" />
      )}
    </>
  );
}

function Steps() {
  const { search, change } = useAddress();
  const { data: lists, error, refetch } = useQuery(listsQuery);
  if (lists === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={4} />;
  if (lists.length === 0)
    return (
      <EmptyState title="No lists yet" text="Values are imported into a list, which flows check leads against.">
        <Button component={Link} to="/lists?panel=new">
          Create a list
        </Button>
      </EmptyState>
    );
  const list = lists.find(({ id }) => id === search['list']);
  return (
    <Stack gap="md">
      <Select
        label="List"
        placeholder="Choose a list"
        searchable
        maw={480}
        data={lists.map(({ id, name }) => ({ value: id, label: name }))}
        value={list?.id ?? null}
        onChange={(id) => change({ list: id ?? undefined })}
        nothingFoundMessage="No list has this name."
      />
      {list && <ImportFile key={list.id} list={list} />}
    </Stack>
  );
}
