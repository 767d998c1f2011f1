import { Button, Checkbox, Popover, Text, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type FacetName, facetQuery, type ListQuestion } from '../../api/lists.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import styles from './list.module.css';

const SHOWN_MAX = 100;
const COUNT = new Intl.NumberFormat('en-US');

interface Option {
  value: string;
  label: string;
  count?: number;
}

interface ChoiceProps {
  label: string;
  chosen: readonly string[];
  choose: (values: string[]) => void;
  options: readonly Option[] | undefined;
  names?: ReadonlyMap<string, string>;
  fault?: unknown;
  onOpen?: (isOpen: boolean) => void;
  /** Of several only one can be asked for. */
  isSingle?: boolean;
}

/** A filter as a button that says what is chosen, and its values with their counts. */
export function ChoiceFilter(given: ChoiceProps) {
  const { label, chosen, choose, options, names, fault, onOpen, isSingle } = given;
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const open = (next: boolean) => {
    setOpen(next);
    setTyped('');
    onOpen?.(next);
  };
  const known = new Map(options?.map((option) => [option.value, option.label]));
  const nameOf = (value: string) => known.get(value) ?? names?.get(value) ?? value;
  const missing = chosen.filter((value) => !known.has(value)).map((value): Option => ({ value, label: nameOf(value) }));
  const all = options === undefined ? missing : [...missing, ...options];
  const matching = all.filter((option) => option.label.toLowerCase().includes(typed.toLowerCase()));
  const toggle = (value: string) => {
    if (chosen.includes(value)) choose(chosen.filter((each) => each !== value));
    else choose(isSingle ? [value] : [...chosen, value]);
  };
  const [first] = chosen;
  const text = first === undefined ? label : `${label}: ${chosen.length > 1 ? chosen.length : nameOf(first)}`;
  return (
    <Popover
      opened={isOpen}
      onChange={open}
      width="min(320px, calc(100vw - 32px))"
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant={first === undefined ? 'default' : 'light'}
          size="xs"
          h={28}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => open(!isOpen)}
          title={text}
        >
          <span className={styles['name']}>{text}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Filter by ${label.toLowerCase()}`}>
        {all.length > 8 && (
          <TextInput
            size="xs"
            aria-label={`Find a ${label.toLowerCase()}`}
            placeholder="Type to narrow"
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        {fault !== undefined && fault !== null && (
          <Text size="sm" role="alert">
            <Sentence text={describeError(fault).text} />
          </Text>
        )}
        {options === undefined && !fault && <Text size="sm">Counting…</Text>}
        {options !== undefined && matching.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing in this time under the other filters.
          </Text>
        )}
        <ul className={styles['values']}>
          {matching.slice(0, SHOWN_MAX).map(({ value, label: name, count }) => (
            <li key={value}>
              <Checkbox
                size="xs"
                label={<bdi>{name}</bdi>}
                checked={chosen.includes(value)}
                onChange={() => toggle(value)}
              />
              {count !== undefined && <span>{COUNT.format(count)}</span>}
            </li>
          ))}
        </ul>
        {matching.length > SHOWN_MAX && (
          <Text size="xs" c="dimmed">
            {matching.length - SHOWN_MAX} more: type to narrow.
          </Text>
        )}
        {first !== undefined && (
          <Button variant="default" size="xs" mt="sm" onClick={() => choose([])}>
            Clear {label.toLowerCase()}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** The same with values and counts of the server, which are read when it is opened. */
export function FacetFilter({
  facet,
  question,
  ...given
}: Omit<ChoiceProps, 'options'> & { facet: FacetName; question: ListQuestion }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({ ...facetQuery(question, facet), enabled: isOpen });
  return <ChoiceFilter {...given} options={data} fault={error} onOpen={setOpen} />;
}
