import { Anchor, Button, Checkbox, Popover, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconAdjustments, IconDownload, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { buildExport, buildFilter, encode, type ListQuestion, listNotExported } from '../../api/lists.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { findLook } from '../../parts/statuses.ts';
import { Toast } from '../../parts/Toast.tsx';
import { useDensity } from '../../parts/use-density.ts';
import { parseSearch } from '../../search-params.ts';
import { ChoiceFilter, FacetFilter } from './FacetFilter.tsx';
import styles from './list.module.css';
import { EVENT_TYPES, listFilters, listIgnored, OUTCOMES } from './list-search.ts';
import { RangeFilter } from './RangeFilter.tsx';
import { nameType } from './type-names.ts';
import type { ListState } from './use-list.ts';
import { ViewsMenu } from './ViewsMenu.tsx';

interface ListHeadProps {
  list: ListState;
  title: string;
  /** Columns that may be hidden. */
  columns: readonly { key: string; header: string }[];
  /** Beside the actions. */
  children?: ReactNode;
}

/** The title, what can be done with the list, and its filters: two rows. */
export function ListHead({ list, title, columns, children }: ListHeadProps) {
  return (
    <>
      <div className={styles['bar']}>
        <Title order={1}>{title}</Title>
        <ViewsMenu section={list.section} search={list.search} open={list.open} />
        <div className={styles['end']}>
          {children}
          <span className={styles['wide']}>
            <Button
              variant="default"
              size="xs"
              h={28}
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={list.refresh}
            >
              Refresh
            </Button>
            <CopyButton isSmall word="Copy as API call" label="Copy as API call" text={writeCall(list.question)} />
          </span>
          <ExportButton question={list.question} />
          <DisplayMenu list={list} columns={columns} />
        </div>
      </div>
      <Filters list={list} />
      <Ignored list={list} />
    </>
  );
}

/** The list as a request; the key is a variable of the shell. */
function writeCall(question: ListQuestion): string {
  const { section, search } = question;
  if (search.q !== undefined && section === 'leads') return writeCurl(`/search/leads?${encode({ query: search.q })}`);
  const path = search.view === 'reasons' ? `/${section}/reasons` : `/${section}`;
  return writeCurl(`${path}?${encode(buildFilter(question))}`);
}

/** A quote would end the text of the shell. */
function writeCurl(path: string): string {
  return `curl -u "api:$KEY" '${window.location.origin}${path.replaceAll("'", '%27')}'`;
}

function Filters({ list }: { list: ListState }) {
  const { section, search, question, change } = list;
  const names = useNames();
  const filters = listFilters(search);
  const one = (value: string | undefined) => (value === undefined ? [] : [value]);
  return (
    <search className={styles['bar']} aria-label="Filters">
      <RangeFilter search={search} frame={question.frame} now={question.now} change={change} />
      <ChoiceFilter
        label="Outcome"
        chosen={search.outcome ?? []}
        options={OUTCOMES[section].map((value) => ({ value, label: findLook(value).word }))}
        choose={(outcome) => change({ outcome })}
      />
      {section === 'events' && (
        <ChoiceFilter
          label="Type"
          chosen={search.type ?? []}
          options={EVENT_TYPES.map((value) => ({ value, label: nameType(value) }))}
          choose={(type) => change({ type })}
        />
      )}
      <FacetFilter
        label="Flow"
        facet="flow_id"
        {...{ question, names }}
        chosen={search.flow_id ?? []}
        choose={(flow_id) => change({ flow_id })}
      />
      <FacetFilter
        label="Source"
        facet="source_id"
        {...{ question, names }}
        chosen={search.source_id ?? []}
        choose={(source_id) => change({ source_id })}
      />
      {section === 'events' && (
        <FacetFilter
          label="Recipient"
          facet="recipient_id"
          question={question}
          chosen={search.recipient_id ?? []}
          choose={(recipient_id) => change({ recipient_id })}
        />
      )}
      <FacetFilter
        isSingle
        label="Reason"
        facet="reason_class"
        question={question}
        chosen={one(search.reason_class)}
        choose={([reason_class]) => change({ reason_class })}
      />
      {filters.length > 0 && (
        <Anchor
          component="button"
          size="sm"
          mih={24}
          onClick={() => change(Object.fromEntries([...filters, 'view_id'].map((name) => [name, undefined])))}
        >
          Clear filters
        </Anchor>
      )}
      <SearchBox list={list} />
    </search>
  );
}

/** Names of flows and sources that are chosen, before their counts are read. */
function useNames(): ReadonlyMap<string, string> {
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: useMay('flows.read') });
  return new Map(
    flows.flatMap(({ id, name, sources }) => [
      [id, name] as const,
      ...sources.map((each) => [each.id, each.name] as const),
    ]),
  );
}

const PAUSE_MS = 250;

function SearchBox({ list: { section, search, change } }: { list: ListState }) {
  const [typed, setTyped] = useState(search.q ?? '');
  const [asked, setAsked] = useState(search.q);
  // The address changed by something else than typing: the box says what it says.
  if (asked !== search.q) {
    setAsked(search.q);
    if ((search.q ?? '') !== typed.trim()) setTyped(search.q ?? '');
  }
  const ask = useDebouncedCallback(
    (text: string) => change({ q: text.trim() || undefined }, { replaces: true }),
    PAUSE_MS,
  );
  return (
    <TextInput
      className={styles['search'] ?? ''}
      size="xs"
      type="search"
      aria-label={section === 'leads' ? 'Find leads' : 'Find events of leads'}
      placeholder="Id, e-mail, phone, name"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        ask(currentTarget.value);
      }}
    />
  );
}

/** What the address says and this list does not understand. */
function Ignored({ list: { section } }: { list: ListState }) {
  const { searchStr } = useLocation();
  const ignored = listIgnored(section, parseSearch(searchStr));
  if (ignored.length === 0) return null;
  return (
    <Text size="sm" mb="sm" role="status">
      The address has what this list does not know, and ignores: <bdi>{ignored.join(', ')}</bdi>
    </Text>
  );
}

function ExportButton({ question }: { question: ListQuestion }) {
  const queries = useQueryClient();
  const [isToasted, setToasted] = useState(false);
  const lost = listNotExported(question.search);
  const start = useMutation({
    mutationFn: () => api.createExport(buildExport(question)),
    onSettled: () => setToasted(true),
    onSuccess: async () => {
      announce('The export has started');
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const why = `An export cannot be narrowed by ${lost.join(', ')}: clear that first.`;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        h={28}
        leftSection={<IconDownload size={14} aria-hidden />}
        loading={start.isPending}
        onClick={() => (lost.length > 0 ? setToasted(true) : start.mutate())}
      >
        Export
      </Button>
      {isToasted && (
        <Toast close={() => setToasted(false)}>
          {lost.length > 0 ? (
            why
          ) : start.error ? (
            <Sentence text={`The export did not start. ${describeError(start.error).text}`} />
          ) : (
            'The export has started, with the filters of this list. The bell above shows how far it is.'
          )}
        </Toast>
      )}
    </>
  );
}

function DisplayMenu({
  list: { display, setDisplay },
  columns,
}: {
  list: ListState;
  columns: ListHeadProps['columns'];
}) {
  const { hidden, hasChart } = display;
  const { density, choose } = useDensity();
  const isHidden = (key: string) => hidden.includes(key);
  const toggle = (key: string) =>
    setDisplay({ ...display, hidden: isHidden(key) ? hidden.filter((each) => each !== key) : [...hidden, key] });
  return (
    <Popover width={240} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" h={28} leftSection={<IconAdjustments size={14} aria-hidden />}>
          Display
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Display">
        <Stack gap="sm">
          <Switch
            size="xs"
            label="Compact rows"
            checked={density === 'compact'}
            onChange={({ currentTarget }) => choose(currentTarget.checked ? 'compact' : 'comfortable')}
          />
          <Switch
            size="xs"
            label="Chart over time"
            checked={hasChart}
            onChange={({ currentTarget }) => setDisplay({ ...display, hasChart: currentTarget.checked })}
          />
          <Text size="xs" c="dimmed">
            Columns
          </Text>
          {columns.map(({ key, header }) => (
            <Checkbox key={key} size="xs" label={header} checked={!isHidden(key)} onChange={() => toggle(key)} />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Says once it is known what a list has come to, for who does not see it. */
export function useAnnounced(sentence: string | undefined): void {
  useEffect(() => {
    if (sentence !== undefined) announce(sentence);
  }, [sentence]);
}
