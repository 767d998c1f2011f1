import { Button, Select, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../api/use-session.ts';
import { type Column, DataTable } from './DataTable.tsx';
import { EmptyState } from './EmptyState.tsx';
import { ErrorState } from './ErrorState.tsx';
import { NoPermission } from './NoPermission.tsx';
import { PageHeader } from './PageHeader.tsx';
import { TableSkeleton } from './TableSkeleton.tsx';
import { Toolbar } from './Toolbar.tsx';
import { type Search, useAddress } from './use-address.ts';
import { useTitle } from './use-title.ts';

/** A choice of the address: `?type=phone`. */
export interface ListFilter<Row> {
  /** Of the parameter. */
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
  /** What it is when the address says nothing; `''`: all rows. */
  fallback?: string;
  has(row: Row, value: string): boolean;
}

export interface ListFrameProps<Row> {
  title: string;
  /** Of the title of the document: `Settings`. */
  section: string;
  text: string;
  /** Tabs of the section. */
  tabs?: ReactNode;
  /** What reading takes. */
  permission: string;
  /** `user`, `users`. */
  noun: readonly [one: string, many: string];
  // biome-ignore lint/suspicious/noExplicitAny: the key is of no matter here
  query: UseQueryOptions<Row[], Error, Row[], any>;
  columns: readonly Column<Row>[];
  keyOf(row: Row): string;
  /** What "Find" looks in. */
  textOf(row: Row): string;
  filters?: readonly ListFilter<Row>[];
  /** Beside the title, for who may: a button that makes one. While there is none, it is below what says so. */
  action?: ReactNode;
  empty: { title: string; text: string };
  children?: ReactNode;
}

/** The frame of each list that is read as a whole: title, tabs, filters of the address, the table and every state of it. */
export function ListFrame<Row>(given: ListFrameProps<Row>) {
  const { title, section, text, tabs, permission, noun, action, children } = given;
  useTitle(title, section);
  const mayRead = useMay(permission);
  const { data: rows } = useQuery({ ...given.query, enabled: mayRead });
  return (
    <>
      <PageHeader title={title} text={text}>
        {mayRead && rows?.length !== 0 && action}
      </PageHeader>
      {tabs}
      {mayRead ? <Rows {...given} /> : <NoPermission what={noun[1]} permission={permission} />}
      {mayRead && children}
    </>
  );
}

const SKELETON_ROWS = 10;
/** Rows that a browser draws at once. */
const SHOWN_MAX = 200;
const COUNT = new Intl.NumberFormat('en-US');

function Rows<Row>(given: ListFrameProps<Row>) {
  const { query, columns, keyOf, textOf, filters = [], noun, empty, action, title } = given;
  const { search } = useAddress();
  const { data: rows, error, refetch } = useQuery(query);
  if (rows === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  if (rows.length === 0)
    return (
      <EmptyState title={empty.title} text={empty.text}>
        {action}
      </EmptyState>
    );
  const found = filterRows(rows, { search, filters, textOf });
  const shown = found.slice(0, SHOWN_MAX);
  return (
    <>
      <Filters filters={filters} />
      {found.length === 0 ? (
        <NoMatch of={rows.length} noun={noun} filters={filters} />
      ) : (
        <DataTable caption={title} columns={columns} rows={shown} getKey={keyOf} isList />
      )}
      {found.length > 0 && (
        <Text c="dimmed" size="sm" mt="sm" role="status">
          {found.length > SHOWN_MAX
            ? `The first ${SHOWN_MAX} of ${COUNT.format(found.length)} ${noun[1]} are shown. Find others by a part of their name.`
            : `${COUNT.format(found.length)} of ${COUNT.format(rows.length)} ${rows.length === 1 ? noun[0] : noun[1]}`}
        </Text>
      )}
    </>
  );
}

interface Question<Row> {
  search: Search;
  filters: readonly ListFilter<Row>[];
  textOf(row: Row): string;
}

/** The rows that the address asks for, in their order. */
export function filterRows<Row>(rows: readonly Row[], { search, filters, textOf }: Question<Row>): Row[] {
  const wanted = (search['q'] ?? '').trim().toLowerCase();
  return rows.filter(
    (row) =>
      (wanted === '' || textOf(row).toLowerCase().includes(wanted)) &&
      filters.every((filter) => {
        const value = search[filter.name] ?? filter.fallback ?? '';
        return value === '' || value === ALL || filter.has(row, value);
      }),
  );
}

/** Of a filter with a fallback: no row is left out. */
const ALL = 'all';

/** Typing replaces the address; a choice can be undone with the back button. */
function Filters<Row>({ filters }: { filters: readonly ListFilter<Row>[] }) {
  const { search, change } = useAddress();
  return (
    <Toolbar>
      <TextInput
        label="Find"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search['q'] ?? ''}
        onChange={({ currentTarget: { value } }) => change({ q: value }, { replace: true })}
        maxLength={200}
        w={260}
      />
      {filters.map(({ name, label, options, fallback }) => (
        <Select
          key={name}
          label={label}
          data={[{ value: fallback === undefined ? '' : ALL, label: 'All' }, ...options]}
          value={search[name] ?? fallback ?? ''}
          onChange={(value) => change({ [name]: value === fallback ? undefined : (value ?? undefined) })}
          allowDeselect={false}
          w={180}
        />
      ))}
    </Toolbar>
  );
}

function NoMatch<Row>(given: { of: number; noun: readonly [string, string]; filters: readonly ListFilter<Row>[] }) {
  const { of, noun, filters } = given;
  const { search, change } = useAddress();
  const words = [
    search['q'] && `"${search['q']}"`,
    ...filters.map(({ name, label, options, fallback }) => {
      const option = options.find(({ value }) => value === (search[name] ?? fallback));
      return option && `${label.toLowerCase()} ${option.label}`;
    }),
  ].filter(Boolean);
  const nothing = Object.fromEntries(filters.map(({ name, fallback }) => [name, fallback && ALL]));
  return (
    <EmptyState
      title={`No ${noun[1]} match`}
      text={`None of ${COUNT.format(of)} ${of === 1 ? noun[0] : noun[1]} has ${words.join(' and ')}.`}
    >
      <Button variant="default" onClick={() => change({ q: undefined, ...nothing })}>
        Show all {noun[1]}
      </Button>
    </EmptyState>
  );
}
