import { Button, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type MouseEvent, memo, type RefObject, useEffect, useRef } from 'react';
import { stringifySearch } from '../../search-params.ts';
import classes from './developers.module.css';
import type { Operation, OperationGroup } from './read-reference.ts';
import { takeSentence } from './take-sentence.ts';

interface OperationListProps {
  /** Those that are found. */
  groups: readonly OperationGroup[];
  /** Of all. */
  total: number;
  wanted: string;
  find(wanted: string): void;
  /** The name of the one that is open; undefined: none is. */
  open: string | undefined;
  choose(name: string): void;
}

/**
 * The operations by their groups, and a field that finds them. It is one stop for the Tab key: the arrow keys go from one to the
 * next, also from the field.
 */
export function OperationList({ groups, total, wanted, find, open, choose }: OperationListProps) {
  const list = useRef<HTMLElement>(null);
  const count = groups.reduce((sum, { operations }) => sum + operations.length, 0);
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const first = groups[0]?.operations[0];
    if (event.key === 'Enter' && wanted !== '' && first !== undefined) choose(first.name);
    else if (event.key === 'ArrowDown') move(event, list.current);
  };
  return (
    <div className={classes['finder']}>
      <TextInput
        label="Find an operation"
        description="By its name, method, path, words or permission"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={wanted}
        onChange={({ currentTarget: { value } }) => find(value)}
        onKeyDown={press}
        maxLength={200}
      />
      <Text c="dimmed" size="sm" role="status">
        {count === total ? `${total} operations` : `${count} of ${total} operations`}
      </Text>
      {count === 0 && (
        <div>
          <Text size="sm" mb="xs">
            No operation has all of these words.
          </Text>
          <Button variant="default" size="xs" h={28} onClick={() => find('')}>
            Show all operations
          </Button>
        </div>
      )}
      <Found {...{ groups, open, choose, list }} />
    </div>
  );
}

interface FoundProps extends Pick<OperationListProps, 'groups' | 'open' | 'choose'> {
  list: RefObject<HTMLElement | null>;
}

/** Typing does not touch what stays in it. */
const Found = memo(function Found({ groups, open, choose, list }: FoundProps) {
  useOpenInView(list, open);
  const names = groups.flatMap(({ operations }) => operations.map(({ name }) => name));
  const stop = open !== undefined && names.includes(open) ? open : names[0];
  return (
    <nav
      aria-label="Operations"
      ref={list}
      className={classes['list']}
      onKeyDown={(event) => move(event, list.current)}
      onClick={follow(choose)}
    >
      {groups.map(({ label, operations }) => (
        <div key={label}>
          <div className={classes['group']} id={`group-${label}`}>
            {label}
          </div>
          <ul aria-labelledby={`group-${label}`}>
            {operations.map((operation) => (
              <Entry
                key={operation.name}
                operation={operation}
                isOpen={operation.name === open}
                isStop={operation.name === stop}
              />
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
});

interface EntryProps {
  operation: Operation;
  isOpen: boolean;
  /** Does the Tab key come here? */
  isStop: boolean;
}

/** A link of the browser's own: hundreds that follow the address by themselves would make typing slow. */
const Entry = memo(function Entry({ operation, isOpen, isStop }: EntryProps) {
  const { name, method, path, summary } = operation;
  return (
    <li>
      <a
        href={stringifySearch({ operation: name })}
        data-name={name}
        className={classes['entry']}
        aria-current={isOpen ? 'page' : undefined}
        tabIndex={isStop ? 0 : -1}
      >
        <span className={classes['route']}>
          <b>{method}</b> {path}
        </span>
        <span className={classes['summary']}>{takeSentence(summary)}</span>
      </a>
    </li>
  );
});

/** A plain press opens the operation here; any other is the browser's: a new tab, a copied address. */
function follow(choose: (name: string) => void) {
  return (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const name = (event.target as Element).closest<HTMLElement>('a[data-name]')?.dataset['name'];
    if (name === undefined) return;
    event.preventDefault();
    choose(name);
  };
}

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** The focus goes where a key says; other keys are the browser's. */
function move(event: KeyboardEvent, list: HTMLElement | null): void {
  const step = MOVES[event.key];
  if (step === undefined || list === null) return;
  event.preventDefault();
  const links = [...list.querySelectorAll<HTMLElement>('a[data-name]')];
  const at = links.findIndex((link) => link.matches(':focus'));
  // From the field it goes to where Tab would.
  const to = at === -1 ? links.findIndex((link) => link.tabIndex === 0) : step(at, links.length - 1);
  links[to]?.focus();
}

/** The operation of the address is in view when the page opens; later the list stays where the person has it, as far as it can. */
function useOpenInView(list: RefObject<HTMLElement | null>, open: string | undefined): void {
  useEffect(() => {
    const frame = list.current;
    const link = open === undefined ? null : frame?.querySelector<HTMLElement>(`a[data-name="${CSS.escape(open)}"]`);
    if (!frame || !link) return;
    const [box, around] = [link.getBoundingClientRect(), frame.getBoundingClientRect()];
    if (box.top < around.top) frame.scrollTop -= around.top - box.top + SPARE_PX;
    else if (box.bottom > around.bottom) frame.scrollTop += box.bottom - around.bottom + SPARE_PX;
  }, [list, open]);
}

/** Enough to see the next one, too. */
const SPARE_PX = 60;
