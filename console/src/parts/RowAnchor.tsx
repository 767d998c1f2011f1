import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { parseSearch } from '../search-params.ts';
import classes from './RowAnchor.module.css';

interface RowAnchorProps {
  /** Inside the console, with its query: `/leads/5fd0…`. */
  to: string;
  /** Before the page is left, or another tab opened. */
  onClick?: (() => void) | undefined;
  isMono?: boolean;
  /** In a column of its own: the target is as high as it has to be. */
  isTall?: boolean;
  /** Of a lead: `j` and `k` go from one to the next. */
  leadId?: string | undefined;
  children: ReactNode;
}

/**
 * A link for rows, of which a page has hundreds. It knows nothing of where the page is: the router’s own link is drawn anew with each
 * address.
 */
export function RowAnchor({ to, onClick, isMono = false, isTall = false, leadId, children }: RowAnchorProps) {
  const router = useRouter();
  const go = (event: MouseEvent) => {
    onClick?.();
    // Another tab, another window, a download: the browser's own.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const [path = '', query = ''] = to.split('?');
    // Each route reads what it takes of the search.
    void router.navigate({ to: path, search: parseSearch(query) as never });
  };
  return (
    <a
      className={classes['link']}
      href={`${router.basepath}${to}`}
      onClick={go}
      data-mono={isMono}
      data-tall={isTall}
      data-lead={leadId}
    >
      {children}
    </a>
  );
}
