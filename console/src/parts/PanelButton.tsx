import { Anchor, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePanel } from './use-address.ts';

/** Opens a panel of the page, which the address names. */
export function PanelButton({ panel, children }: { panel: string; children: ReactNode }) {
  const { open } = usePanel();
  return <Button onClick={() => open(panel)}>{children}</Button>;
}

/** The same on the name of a row. */
export function PanelName({ panel, children }: { panel: string; children: ReactNode }) {
  const { open } = usePanel();
  return (
    <Anchor component="button" type="button" inherit ta="start" onClick={() => open(panel)}>
      <bdi>{children}</bdi>
    </Anchor>
  );
}
