import type { ReactNode } from 'react';
import classes from './DataTable.module.css';

/** Over a list: what is looked for and chosen. One line on a wide page, with each label beside its field. */
export function Toolbar({ children }: { children: ReactNode }) {
  return (
    <search className={classes['bar']} aria-label="Filters">
      {children}
    </search>
  );
}
