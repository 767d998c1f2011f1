import { useEffect, useRef, useState } from 'react';

/**
 * For what is loaded when its button is pressed first: it takes the place of that button, gets its focus, and opens. The focus
 * comes before, so that closing returns it.
 */
export function useOpenedOnce() {
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    button.current?.focus();
    setOpened(true);
  }, []);
  return { button, opened, setOpened };
}
