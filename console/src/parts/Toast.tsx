import { CloseButton, Portal } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Toast.module.css';

/** What came of what the person just did, until it is closed. Faults that need an action belong to their place instead. */
export function Toast({ children, close }: { children: ReactNode; close: () => void }) {
  return (
    <Portal>
      <div className={classes['toast']} data-above>
        <div>{children}</div>
        <CloseButton size={24} aria-label="Close the message" onClick={close} />
      </div>
    </Portal>
  );
}
