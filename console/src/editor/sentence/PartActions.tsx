import { Button, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';

/** Moves one of a list, by buttons; each says in words what it moves. */
export function MoveButtons(props: { name: string; index: number; count: number; move(to: number): void }) {
  const { name, index, count, move } = props;
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowUp size={14} aria-hidden />}
        aria-label={`Up: ${name}`}
        disabled={index === 0}
        onClick={() => move(index - 1)}
      >
        Up
      </Button>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowDown size={14} aria-hidden />}
        aria-label={`Down: ${name}`}
        disabled={index === count - 1}
        onClick={() => move(index + 1)}
      >
        Down
      </Button>
    </>
  );
}

/** A small button of one entry of a list; its label begins with the word that is shown. */
export function EntryButton({ word, name, onClick }: { word: string; name: string; onClick(): void }) {
  return (
    <Button variant="subtle" size="compact-sm" aria-label={`${word}: ${name}`} onClick={onClick}>
      {word}
    </Button>
  );
}

export function EntryButtons({ children }: { children: React.ReactNode }) {
  return (
    <Group gap={4} wrap="wrap">
      {children}
    </Group>
  );
}
