import { useEffect, useMemo, useState } from 'react';
import type { ListQuestion } from '../../api/lists.ts';
import { useSession } from '../../api/use-session.ts';
import { keepDisplay, type ListDisplay, readDisplay } from './list-display.ts';
import {
  changeSearch,
  frameOf,
  type ListSearch,
  type ListSection,
  readListSearch,
  type SearchChange,
} from './list-search.ts';

const MINUTE_MS = 60_000;

export interface ListState {
  section: ListSection;
  search: ListSearch;
  question: ListQuestion;
  /** A filter is a step of the history; what is typed replaces the step before. */
  change: (change: SearchChange, how?: { replaces: boolean }) => void;
  /** Takes the whole search. */
  open: (search: ListSearch) => void;
  /** Moves time that ends now on to this minute. */
  refresh: () => void;
  display: ListDisplay;
  setDisplay: (display: ListDisplay) => void;
}

type Go = (search: ListSearch, how: { replace: boolean }) => void;

/** What a list is asked and how it is shown. All but the display is in the address. */
export function useList(section: ListSection, { search: given, go }: { search: ListSearch; go: Go }): ListState {
  const { user } = useSession();
  const [now, setNow] = useState(beginOfMinute);
  // The router leaves what its check refused in the search, and makes a new object each time.
  const asked = JSON.stringify(given);
  const search = useMemo(() => readListSearch(section, JSON.parse(asked)), [section, asked]);
  const place = { section, userId: user.id, storage: localStorage };
  const [display, setDisplay] = useState(() => readDisplay(place));
  const question = useMemo(() => ({ section, search, frame: frameOf(search, now), now }), [section, search, now]);
  return {
    ...{ section, search, question, display },
    change: (change, { replaces } = { replaces: false }) => go(changeSearch(search, change), { replace: replaces }),
    open: (next) => go(next, { replace: false }),
    refresh: () => setNow(beginOfMinute()),
    setDisplay: (next) => {
      keepDisplay(next, place);
      setDisplay(next);
    },
  };
}

function beginOfMinute(): number {
  // The minute that runs counts: what came just now is shown.
  return Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
}

/** A set of chosen rows that is empty again when the question changes. */
export function useChosen(question: ListQuestion): [ReadonlySet<string>, (next: ReadonlySet<string>) => void] {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question has other rows
  useEffect(() => setChosen(NONE), [question]);
  return [chosen, setChosen];
}

const NONE: ReadonlySet<string> = new Set();
