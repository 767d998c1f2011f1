import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';

/** To a page of the documentation that the server hands out: `/docs/guides/client`. It opens beside the console. */
export function DocLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Anchor href={to} target="_blank" rel="noreferrer" inherit underline="always">
      {children}
    </Anchor>
  );
}
