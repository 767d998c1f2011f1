import { type HTMLAttributes, useEffect, useState } from 'react';
import classes from './Stale.module.css';

/** What comes sooner is shown without a flash; and to dim what is shown takes as long as to draw it. */
const DELAY_MS = 150;

/** Shows what was read before while it is read again (`isStale`): dimmed when that takes longer than a moment. */
export function Stale({ isStale, ...given }: Omit<HTMLAttributes<HTMLDivElement>, 'className'> & { isStale: boolean }) {
  const [isDimmed, setDimmed] = useState(false);
  useEffect(() => {
    if (!isStale) return;
    const timer = setTimeout(() => setDimmed(true), DELAY_MS);
    return () => {
      clearTimeout(timer);
      setDimmed(false);
    };
  }, [isStale]);
  return <div {...given} aria-busy={isStale} className={isStale && isDimmed ? classes['stale'] : undefined} />;
}
