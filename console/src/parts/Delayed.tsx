import { type ReactNode, useEffect, useState } from 'react';

/** What comes sooner is shown without a flash of the skeleton. */
const DELAY_MS = 150;

/** Shows nothing for a moment, then what stands for what is loading. */
export function Delayed({ children }: { children: ReactNode }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return isShown ? children : null;
}
