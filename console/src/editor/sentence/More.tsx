import { Button, Collapse } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';

/** What is rarely set, behind a button that says what it is; open from the start where something of it is set. */
export function More({
  word,
  name,
  isOpen = false,
  children,
}: {
  word: string;
  /** Of what: for screen readers. */
  name?: string;
  isOpen?: boolean;
  children: ReactNode;
}) {
  const [opened, setOpened] = useState(isOpen);
  const id = useId();
  const Icon = opened ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        ml={-8}
        leftSection={<Icon size={14} aria-hidden />}
        aria-expanded={opened}
        aria-controls={id}
        {...(name !== undefined && { 'aria-label': `${word}: ${name}` })}
        onClick={() => setOpened(!opened)}
      >
        {word}
      </Button>
      <Collapse id={id} expanded={opened} transitionDuration={0} mt="xs">
        {children}
      </Collapse>
    </div>
  );
}
