import type { ReactNode } from 'react';
import { buildLeadPath } from './build-lead-path.ts';
import { RowAnchor } from './RowAnchor.tsx';

/** To the page of a lead; shows its id unless something else is given. */
export function LeadLink({ id, children }: { id: string; children?: ReactNode }) {
  return (
    <RowAnchor to={buildLeadPath(id)} isMono={children === undefined}>
      {children ?? id}
    </RowAnchor>
  );
}
