import { Anchor, Button, Checkbox, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconBookmark, IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { GivenView } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { type View, viewsQuery } from '../../api/lists.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import styles from './list.module.css';
import { type ListSearch, type ListSection, readListSearch, viewQueryOf } from './list-search.ts';

interface ViewsMenuProps {
  section: ListSection;
  search: ListSearch;
  /** Shows the list as the view has it. */
  open: (search: ListSearch) => void;
}

/** Views by name: those that every account has, one's own and shared ones; saves what is shown as one. */
export function ViewsMenu({ section, search, open }: ViewsMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const { data: views = [], error } = useQuery(viewsQuery(section));
  const current = views.find(({ id }) => id === search.view_id) ?? findSame(views, { section, search });
  const isChanged = current !== undefined && !isSame(current, { section, search });
  const name = current === undefined ? 'Views' : `${current.name}${isChanged ? ' (changed)' : ''}`;
  const show = (view: View) => {
    setOpen(false);
    open({ ...readListSearch(section, view.query), view_id: view.id });
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width="min(320px, calc(100vw - 32px))"
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          h={28}
          leftSection={<IconBookmark size={14} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
          aria-label={`Views, ${name}`}
          title={name}
        >
          <span className={styles['name']}>{name}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Views">
        {error && (
          <Text role="alert">
            <Sentence text={describeError(error).text} />
          </Text>
        )}
        <ul className={styles['values']}>
          {views.map((view) => (
            <ViewLine key={view.id} view={view} isCurrent={view.id === current?.id} show={() => show(view)} />
          ))}
        </ul>
        <SaveView
          {...{ section, search }}
          current={isChanged && !current.read_only ? current : undefined}
          saved={show}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function ViewLine({ view, isCurrent, show }: { view: View; isCurrent: boolean; show: () => void }) {
  const queries = useQueryClient();
  const mayChange = useMayChange(view);
  const remove = useMutation({
    mutationFn: () => api.removeView(view.id),
    onSuccess: async () => {
      announce(`${view.name} is deleted`);
      await queries.invalidateQueries({ queryKey: ['views'] });
    },
  });
  return (
    <li>
      <Anchor
        component="button"
        size="sm"
        ta="start"
        mih={24}
        onClick={show}
        aria-current={isCurrent || undefined}
        fw={isCurrent ? 600 : 400}
      >
        <bdi>{view.name}</bdi>
      </Anchor>
      <Group gap="xs" wrap="nowrap">
        {!view.read_only && view.is_shared && (
          <Text size="xs" c="dimmed" title={`Shared by ${view.owner?.name ?? ''}`}>
            shared
          </Text>
        )}
        {mayChange && (
          <Button
            variant="subtle"
            size="compact-xs"
            h={24}
            onClick={() => remove.mutate()}
            loading={remove.isPending}
            aria-label={`Delete ${view.name}`}
          >
            {remove.error ? 'Not deleted: try again' : 'Delete'}
          </Button>
        )}
      </Group>
    </li>
  );
}

function useMayChange({ owner, read_only, is_shared }: View): boolean {
  const { user } = useSession();
  const mayShare = useMay('flows.write');
  return !read_only && (owner?.id === user.id || (is_shared && mayShare));
}

function SaveView(given: {
  section: ListSection;
  search: ListSearch;
  current: View | undefined;
  saved: (view: View) => void;
}) {
  const { section, search, current, saved } = given;
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const mayShare = useMay('flows.write');
  const save = useMutation({
    mutationFn: (view: View | undefined) => {
      const query = { ...viewQueryOf(search) } as GivenView['query']; // names and values of the same table
      const body = { name: view?.name ?? name.trim(), section, query, is_shared: view?.is_shared ?? isShared };
      return view === undefined ? api.createView(body) : api.replaceView(view.id, body);
    },
    onSuccess: async (view) => {
      announce(`${view.name} is saved`);
      await queries.invalidateQueries({ queryKey: ['views'] });
      saved(view);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') save.mutate(undefined);
      }}
    >
      <Stack gap="sm" mt="sm">
        {current && <SaveChanges view={current} save={() => save.mutate(current)} isPending={save.isPending} />}
        <TextInput
          size="xs"
          label="Save these filters as a view"
          placeholder="Name"
          maxLength={80}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={save.error && <Sentence text={describeError(save.error).text} />}
        />
        {mayShare && (
          <Checkbox
            size="xs"
            label="Share with the account"
            checked={isShared}
            onChange={({ currentTarget }) => setShared(currentTarget.checked)}
          />
        )}
        {search.q !== undefined && (
          <Text size="xs" c="dimmed">
            What you searched for is not kept in a view.
          </Text>
        )}
        <Button type="submit" size="xs" disabled={name.trim() === ''} loading={save.isPending}>
          Save view
        </Button>
      </Stack>
    </form>
  );
}

function SaveChanges({ view, save, isPending }: { view: View; save: () => void; isPending: boolean }) {
  if (!useMayChange(view)) return null;
  return (
    <Button size="xs" variant="default" onClick={save} loading={isPending}>
      Save changes to {view.name}
    </Button>
  );
}

function findSame(views: readonly View[], shown: { section: ListSection; search: ListSearch }): View | undefined {
  return views.find((view) => isSame(view, shown));
}

function isSame({ query }: View, { section, search }: { section: ListSection; search: ListSearch }): boolean {
  const write = (given: object) =>
    JSON.stringify(Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1)));
  return write(readListSearch(section, query)) === write(viewQueryOf(search));
}
