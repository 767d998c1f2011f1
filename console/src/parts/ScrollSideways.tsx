import type { ReactNode } from 'react';
import { noteOverflow } from './note-overflow.ts';
import classes from './ScrollSideways.module.css';

/** A wide table scrolls within its own frame, by keyboard, too; the page never scrolls sideways. */
export function ScrollSideways({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
    <section ref={noteOverflow} className={classes['frame']} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
