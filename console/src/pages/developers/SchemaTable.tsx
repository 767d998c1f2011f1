import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type CSSProperties, startTransition, useState } from 'react';
import { ScrollSideways } from '../../parts/ScrollSideways.tsx';
import classes from './developers.module.css';
import type { SchemaRow } from './list-schema-rows.ts';
import { Prose } from './Prose.tsx';

/** A table of so many rows shows all of them at once; of a longer one it shows the first level. */
const OPEN_ROWS_MAX = 30;

interface SchemaTableProps {
  /** What the rows are of. */
  label: string;
  /** `Property`, `Parameter`. */
  noun: string;
  rows: readonly SchemaRow[];
  /** Where each row is sent, by its key: `query`. */
  placeOf?: (row: SchemaRow) => string;
}

/** Properties with what each has to be; those of a property are below it, further in, once they are opened. */
export function SchemaTable({ label, noun, rows, placeOf }: SchemaTableProps) {
  const parents = listParents(rows);
  const total = countRows(rows);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(total <= OPEN_ROWS_MAX ? parents : []));
  const toggle = (key: string) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const isAllOpen = parents.every((key) => open.has(key));
  return (
    <>
      <ScrollSideways label={label}>
        <table className={classes['schema']} data-tree={parents.length > 0}>
          <thead>
            <tr>
              <th scope="col">{noun}</th>
              {placeOf !== undefined && <th scope="col">In</th>}
              <th scope="col">Type</th>
              <th scope="col">What it is</th>
            </tr>
          </thead>
          <tbody>
            {listShown(rows, open).map(({ row, depth }) => (
              <Row key={row.key} {...{ row, depth, toggle, placeOf }} isOpen={open.has(row.key)} />
            ))}
          </tbody>
        </table>
      </ScrollSideways>
      {parents.length > 1 && (
        <div>
          <Button
            variant="default"
            size="xs"
            h={28}
            onClick={() => startTransition(() => setOpen(new Set(isAllOpen ? [] : parents)))}
          >
            {isAllOpen ? 'Show the first level alone' : `Show all ${total} rows`}
          </Button>
        </div>
      )}
    </>
  );
}

interface RowProps {
  row: SchemaRow;
  depth: number;
  isOpen: boolean;
  toggle(key: string): void;
  placeOf: ((row: SchemaRow) => string) | undefined;
}

function Row({ row, depth, isOpen, toggle, placeOf }: RowProps) {
  const { key, name, kind, type, isRequired, isReadOnly, children } = row;
  const Icon = isOpen ? IconChevronDown : IconChevronRight;
  const shown = kind === 'property' ? <code>{name}</code> : <i>{kind === 'shape' ? `as ${name}` : name}</i>;
  return (
    <tr style={{ '--depth': depth } as CSSProperties}>
      <th scope="row">
        <span className={classes['name']}>
          {children.length === 0 ? (
            shown
          ) : (
            <button type="button" aria-expanded={isOpen} onClick={() => toggle(key)}>
              <Icon size={14} aria-hidden />
              {shown}
            </button>
          )}
        </span>
        {isRequired && <span className={classes['mark']}>required</span>}
        {isReadOnly && <span className={classes['mark']}>read only</span>}
      </th>
      {placeOf !== undefined && <td data-short>{placeOf(row)}</td>}
      <td>{kind === 'shape' ? 'one of these' : type}</td>
      <td>
        <Meaning row={row} />
      </td>
    </tr>
  );
}

const NOTES = {
  depends: 'Which properties it needs depends on the others; the words beside them say how, the schema does not.',
  'within itself': 'The same as above, within itself.',
  'too deep': 'It goes on in the OpenAPI document.',
} as const;

/** Values that are shown; the rest is counted. */
const VALUES_MAX = 40;

function Meaning({ row: { text, values, bounds, examples, note } }: { row: SchemaRow }) {
  const [sample] = examples;
  return (
    <>
      {text !== undefined && (
        <p>
          <Prose text={text} />
        </p>
      )}
      {values.length > 0 && (
        <p className={classes['values']}>
          {values.slice(0, VALUES_MAX).map((value) => (
            <code key={value}>{value}</code>
          ))}
          {values.length > VALUES_MAX && <span>and {values.length - VALUES_MAX} more</span>}
        </p>
      )}
      {bounds.length > 0 && <p className={classes['dim']}>{capitalize(bounds.join('; '))}</p>}
      {sample !== undefined && values.length === 0 && (
        <p className={classes['dim']}>
          Such as <code>{sample}</code>
        </p>
      )}
      {note !== undefined && <p className={classes['dim']}>{NOTES[note]}</p>}
    </>
  );
}

function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface ShownRow {
  row: SchemaRow;
  depth: number;
}

function listShown(rows: readonly SchemaRow[], open: ReadonlySet<string>, depth = 0): ShownRow[] {
  return rows.flatMap((row) => [
    { row, depth },
    ...(open.has(row.key) ? listShown(row.children, open, depth + 1) : []),
  ]);
}

function listParents(rows: readonly SchemaRow[]): string[] {
  return rows.flatMap(({ key, children }) => (children.length === 0 ? [] : [key, ...listParents(children)]));
}

function countRows(rows: readonly SchemaRow[]): number {
  return rows.reduce((count, { children }) => count + 1 + countRows(children), 0);
}
