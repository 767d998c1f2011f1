import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';

/** What failed, beside what it failed for; read out at once. */
export function FaultAlert({ title, children }: { title?: string; children?: ReactNode }) {
  return (
    <Alert variant="outline" role="alert" vars={listColors} {...(title !== undefined && { title })}>
      {children}
    </Alert>
  );
}

/** Mantine's red has too little contrast for text. */
const listColors = () => ({
  root: { '--alert-color': 'var(--failure)', '--alert-bd': '1px solid var(--failure)', '--alert-bg': 'transparent' },
});
