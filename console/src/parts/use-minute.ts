import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

/** The end of the minute that runs, epoch ms: what came just now is in the numbers up to it. */
export function useMinute(): number {
  const [now, setNow] = useState(endOfMinute);
  useEffect(() => {
    const timer = setInterval(() => setNow(endOfMinute()), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function endOfMinute(): number {
  return Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
}
