import { Anchor, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import type { ListPage } from '../../api/lists.ts';
import { announce } from '../../parts/announce.ts';
import { buildLeadPath } from '../../parts/build-lead-path.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { RowAnchor } from '../../parts/RowAnchor.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { Toast } from '../../parts/Toast.tsx';
import { keepNeighbours, noteOpened, takeOpened } from '../../shell/neighbours.ts';
import { useLetterKeys } from '../../shell/use-letter-keys.ts';
import styles from './list.module.css';
import type { ListState } from './use-list.ts';

/** Opens a lead of the list, which remembers its neighbours. */
export function RowLink({
  leadId,
  leadIds,
  children,
}: {
  leadId: string;
  leadIds: readonly string[];
  children: ReactNode;
}) {
  const note = () => {
    const { pathname, search } = window.location;
    keepNeighbours({ ids: [...leadIds], href: `${pathname.replace(/^\/app/, '')}${search}` }, sessionStorage);
    noteOpened(leadId, sessionStorage);
  };
  return (
    <RowAnchor to={buildLeadPath(leadId)} onClick={note} leadId={leadId} isTall>
      {children}
    </RowAnchor>
  );
}

/** j and k go from row to row; the row of a lead that was opened has the focus again. `hasRows`: they are there. */
export function useRowFocus(hasRows: boolean): void {
  useEffect(() => {
    const id = hasRows ? takeOpened(sessionStorage) : null;
    const link = listLinks().find((each) => each.dataset['lead'] === id);
    link?.focus();
  }, [hasRows]);
  const step = (by: number) => () => {
    const links = listLinks();
    const place = links.indexOf(document.activeElement as HTMLElement);
    links[place < 0 ? 0 : Math.min(links.length - 1, Math.max(0, place + by))]?.focus();
  };
  useLetterKeys({ j: step(1), k: step(-1) });
}

function listLinks(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('main [data-lead]')];
}

/** To the pages before and after, by the ids at the ends of this one. */
export function PageLinks({
  list,
  page,
  idOf,
}: {
  list: ListState;
  page: ListPage<unknown>;
  idOf: (row: never) => string | undefined;
}) {
  const { search, change } = list;
  const isAscending = search.sort === 'asc';
  const rows = page.rows as never[]; // of the caller's own type
  const [first, last] = [rows[0], rows.at(-1)].map((row) => (row === undefined ? undefined : idOf(row)));
  const [hasBefore, hasAfter] = isAscending ? [page.hasOlder, page.hasNewer] : [page.hasNewer, page.hasOlder];
  const go = (cursor: 'before_id' | 'after_id', id: string | undefined) => () => {
    change({ [cursor]: id });
    window.scrollTo(0, 0);
  };
  const [previous, next] = isAscending ? (['before_id', 'after_id'] as const) : (['after_id', 'before_id'] as const);
  return (
    <Group component="nav" aria-label="Pages" gap="sm" mt="sm">
      <Button
        variant="default"
        size="xs"
        disabled={search.before_id === undefined && search.after_id === undefined}
        onClick={() => change({})}
      >
        First page
      </Button>
      <Button variant="default" size="xs" disabled={!hasBefore} onClick={go(previous, first)}>
        Previous page
      </Button>
      <Button variant="default" size="xs" disabled={!hasAfter} onClick={go(next, last)}>
        Next page
      </Button>
      <Text size="xs" c="dimmed">
        {rows.length === 1 ? '1 row' : `${rows.length} rows`} on this page, {isAscending ? 'oldest' : 'newest'} first.
      </Text>
      {page.stoppedAt !== null && (
        <Text size="xs" role="status">
          The search ended at its time bound.{' '}
          <Anchor component="button" size="xs" mih={24} onClick={go(next, page.stoppedAt)}>
            Go on from there
          </Anchor>
        </Text>
      )}
    </Group>
  );
}

const LEADS_OF_JOB_MAX = 10_000;

/** What is done with chosen leads. */
export function ChosenLeads({ chosen, clear }: { chosen: ReadonlySet<string>; clear: () => void }) {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [takesAll, setTakesAll] = useState(false);
  const [started, setStarted] = useState(0);
  const send = useMutation({
    mutationFn: () =>
      api.resubmitLeads({
        ...{ lead_ids: [...chosen].slice(0, LEADS_OF_JOB_MAX), preview: false, as_job: true },
        ...(takesAll && { again: true }),
      }),
    onSuccess: async () => {
      setStarted(chosen.size);
      setOpen(false);
      clear();
      announce('The job has started');
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const leads = chosen.size === 1 ? '1 lead' : `${chosen.size} leads`;
  return (
    <>
      {chosen.size > 0 && (
        <div className={styles['bar']} role="status">
          <Text size="sm">{leads} selected</Text>
          <Button size="xs" h={28} onClick={() => setOpen(true)}>
            Resubmit {leads}…
          </Button>
          <Button size="xs" h={28} variant="default" onClick={clear}>
            Clear selection
          </Button>
        </div>
      )}
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Resubmit ${leads}`} centered>
        <Stack>
          <Text>Each goes through the published flow as a new lead, with all its deliveries. A job sends them.</Text>
          <Checkbox
            label="Also leads that were accepted or sent again before"
            description="Recipients may get them twice."
            checked={takesAll}
            onChange={({ currentTarget }) => setTakesAll(currentTarget.checked)}
          />
          {send.error && (
            <Text role="alert">
              <Sentence text={describeError(send.error).text} />
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button onClick={() => send.mutate()} loading={send.isPending}>
              Resubmit {leads}
            </Button>
          </Group>
        </Stack>
      </Modal>
      {started > 0 && (
        <Toast close={() => setStarted(0)}>
          A job sends {started === 1 ? '1 lead' : `${started} leads`} again. The bell above shows what comes of it.
        </Toast>
      )}
    </>
  );
}
