import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buildLeadPath } from './build-lead-path.ts';

/** To the page of a lead; shows its id unless something else is given. */
export function LeadLink({ id, children }: { id: string; children?: ReactNode }) {
  return (
    <Anchor component={Link} to={buildLeadPath(id)} inherit {...(children === undefined && { ff: 'monospace' })}>
      {children ?? id}
    </Anchor>
  );
}
