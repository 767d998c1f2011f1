import { Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import styles from './test-leads.module.css';

/** What is shown on demand. While it is closed nothing of it is on the page: hidden parts never end their transitions. */
export function More({ summary, children }: { summary: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles['more']} onToggle={({ currentTarget: { open } }) => setOpen(open)}>
      <summary>{summary}</summary>
      {isOpen && (
        <Stack gap="sm" pt="sm">
          {children}
        </Stack>
      )}
    </details>
  );
}
