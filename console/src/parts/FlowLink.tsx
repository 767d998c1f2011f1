import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../api/use-session.ts';

/** To the overview of a flow; its name alone for who may not read flows. */
export function FlowLink({ id, children }: { id: string; children: ReactNode }) {
  if (!useMay('flows.read')) return <bdi>{children}</bdi>;
  return (
    <Anchor component={Link} to={`/flows/${id}`} inherit>
      <bdi>{children}</bdi>
    </Anchor>
  );
}
