import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { listenToAnnouncements } from './announce.ts';

/** The one polite live region. A sentence that is said again is a new element, so that it is heard again. */
export function Announcer() {
  const [said, setSaid] = useState({ sentence: '', times: 0 });
  useEffect(() => listenToAnnouncements((sentence) => setSaid(({ times }) => ({ sentence, times: times + 1 }))), []);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      <span key={said.times}>{said.sentence}</span>
    </VisuallyHidden>
  );
}
