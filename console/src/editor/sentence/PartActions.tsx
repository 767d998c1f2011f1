import { Button, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './sentence.module.css';

/** Moves one of a list, by buttons; each says in words what it moves. At an end it keeps the focus and does nothing. */
export function MoveButtons(props: { name: string; index: number; count: number; move(to: number): void }) {
  const { name, index, count, move } = props;
  const steps = [
    { word: 'Up', to: index - 1, Icon: IconArrowUp },
    { word: 'Down', to: index + 1, Icon: IconArrowDown },
  ];
  return steps.map(({ word, to, Icon }) => {
    const isEnd = to < 0 || to >= count;
    return (
      <Button
        key={word}
        variant="subtle"
        size="compact-sm"
        className={styles['move'] ?? ''}
        leftSection={<Icon size={14} aria-hidden />}
        aria-label={`${word}: ${name}`}
        {...(isEnd && { 'data-disabled': true, 'aria-disabled': true })}
        onClick={() => !isEnd && move(to)}
      >
        {word}
      </Button>
    );
  });
}

/** A small button of one entry of a list; its label begins with the word that is shown. */
export function EntryButton({ word, name, onClick }: { word: string; name: string; onClick(): void }) {
  return (
    <Button variant="subtle" size="compact-sm" aria-label={`${word}: ${name}`} onClick={onClick}>
      {word}
    </Button>
  );
}

export function EntryButtons({ children }: { children: ReactNode }) {
  return (
    <Group gap={4} wrap="wrap">
      {children}
    </Group>
  );
}
