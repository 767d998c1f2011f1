import { useEffect, useRef, useState } from 'react';
import type { PickedEvent } from '../../api/lists.ts';

/** What waits for the person to look, and what is shown: of more, the newest. */
export const LIVE_ROWS_MAX = 500;
/** Events are shown in steps, so that a burst is drawn once. */
const STEP_MS = 250;

export type LiveState = 'off' | 'connecting' | 'on' | 'paused' | 'lost';

export interface Live {
  state: LiveState;
  /** Came since the person looked last, newest first. */
  waiting: PickedEvent[];
  /** Were looked at, newest first. */
  shown: PickedEvent[];
  /** Events that the server left out, because there were too many. */
  leftOut: number;
  show(): void;
  pause(): void;
  goOn(): void;
}

/** New events of this stream while it is not null. Another path begins anew. */
export function useLiveEvents(path: string | null): Live {
  const [state, setState] = useState<LiveState>('off');
  const [waiting, setWaiting] = useState<PickedEvent[]>([]);
  const [shown, setShown] = useState<PickedEvent[]>([]);
  const [leftOut, setLeftOut] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const lastId = useRef('');

  // biome-ignore lint/correctness/useExhaustiveDependencies: of another path nothing is kept
  useEffect(() => {
    lastId.current = '';
    setWaiting([]);
    setShown([]);
    setLeftOut(0);
    setPaused(false);
  }, [path]);

  useEffect(() => {
    if (path === null || isPaused) {
      setState(path === null ? 'off' : 'paused');
      return;
    }
    setState('connecting');
    const source = new EventSource(lastId.current === '' ? path : `${path}&after_id=${lastId.current}`);
    let heard: PickedEvent[] = [];
    const flush = () => {
      if (heard.length === 0) return;
      const taken = heard;
      heard = [];
      setWaiting((before) => mergeNewest(taken, before));
    };
    const timer = setInterval(flush, STEP_MS);
    source.onopen = () => setState('on');
    source.onmessage = ({ data, lastEventId }) => {
      if (lastEventId !== '') lastId.current = lastEventId;
      if (data !== '') heard = mergeNewest([JSON.parse(data)], heard);
    };
    source.addEventListener('sampled', ({ data }) => {
      const { left_out }: { left_out?: number } = JSON.parse(data);
      setLeftOut((before) => before + (left_out ?? 0));
    });
    source.onerror = () => setState(source.readyState === EventSource.CLOSED ? 'lost' : 'connecting');
    return () => {
      clearInterval(timer);
      source.close();
      flush();
    };
  }, [path, isPaused]);

  return {
    ...{ state, waiting, shown, leftOut },
    show: () => {
      setShown(mergeNewest(waiting, shown));
      setWaiting([]);
    },
    pause: () => setPaused(true),
    goOn: () => setPaused(false),
  };
}

/** Both in order, newest first, each event once: those of the last seconds may come again. */
export function mergeNewest(fresh: readonly PickedEvent[], known: readonly PickedEvent[]): PickedEvent[] {
  const all = new Map([...known, ...fresh].map((event) => [event.id ?? '', event]));
  return [...all.values()]
    .sort(({ id: one = '' }, { id: other = '' }) => (one < other ? 1 : -1))
    .slice(0, LIVE_ROWS_MAX);
}
