import { Link } from '@tanstack/react-router';
import classes from './SectionTabs.module.css';

interface SectionTab {
  to: string;
  label: string;
  /** Shown behind the label when it is not 0. */
  count?: number | undefined;
  /** The addresses of other tabs begin with this one. */
  isExact?: boolean;
}

/** Pages of one section beside each other; each has an address of its own. */
export function SectionTabs({ label, tabs }: { label: string; tabs: readonly SectionTab[] }) {
  return (
    <nav aria-label={label} className={classes['tabs']}>
      {tabs.map(({ to, label: word, count, isExact = false }) => (
        <Link
          key={to}
          to={to}
          className={classes['tab'] ?? ''}
          activeOptions={{ exact: isExact, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {word}
          {count ? <span className={classes['count']}>{count}</span> : null}
        </Link>
      ))}
    </nav>
  );
}
