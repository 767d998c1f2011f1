import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './RowAnchor.module.css';
import { useOpenPanel } from './use-address.ts';

/** Opens a panel of the page, which the address names. */
export function PanelButton({ panel, children }: { panel: string; children: ReactNode }) {
  const open = useOpenPanel();
  return <Button onClick={() => open(panel)}>{children}</Button>;
}

/** The same on the name of a row, of which a page has hundreds. */
export function PanelName({ panel, children }: { panel: string; children: ReactNode }) {
  const open = useOpenPanel();
  return (
    <button type="button" className={classes['link']} onClick={() => open(panel)}>
      <bdi>{children}</bdi>
    </button>
  );
}
