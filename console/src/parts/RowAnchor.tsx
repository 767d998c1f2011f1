import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import classes from './RowAnchor.module.css';

interface RowAnchorProps {
  /** Inside the console: `/leads/5fd0…`. */
  to: string;
  /** Before the page is left, or another tab opened. */
  onClick?: (() => void) | undefined;
  isMono?: boolean;
  /** Of a lead: `j` and `k` go from one to the next. */
  leadId?: string | undefined;
  children: ReactNode;
}

/**
 * A link for rows, of which a page has hundreds. It knows nothing of where the page is: the router's own link is drawn anew with each
 * address, which took a third of a change of filters.
 */
export function RowAnchor({ to, onClick, isMono = false, leadId, children }: RowAnchorProps) {
  const router = useRouter();
  const go = (event: MouseEvent) => {
    onClick?.();
    // Another tab, another window, a download: the browser's own.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate({ to });
  };
  return (
    <a className={classes['link']} href={`${router.basepath}${to}`} onClick={go} data-mono={isMono} data-lead={leadId}>
      {children}
    </a>
  );
}
