import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { panelLink, useEdit } from './use-edit.ts';

/** A link that opens a panel; `label` when its text alone does not say where it leads. */
export function PanelLink(given: {
  panel: string;
  className?: string | undefined;
  label?: string;
  children: ReactNode;
}) {
  const { panel, className, label, children } = given;
  const { href, onClick } = panelLink(useEdit(), panel);
  return (
    <a href={href} onClick={onClick} className={className} aria-label={label}>
      {children}
    </a>
  );
}

/** The same as a button of the page; the one that stands out there publishes (DraftBar.tsx). */
export function PanelButton({ panel, children }: { panel: string; children: ReactNode }) {
  const { href, onClick } = panelLink(useEdit(), panel);
  return (
    <Button component="a" href={href} onClick={onClick} variant="default">
      {children}
    </Button>
  );
}
