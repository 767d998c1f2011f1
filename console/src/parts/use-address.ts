import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What an address says behind `?`, by name. */
export type Search = Readonly<Record<string, string | undefined>>;

/** What the address says, and how to change it. A change goes into the history unless it `replace`s, as typing does. */
export function useAddress(): {
  search: Search;
  change: Change;
} {
  // Each route has said which texts it takes (`takeTexts`).
  const search = useSearch({ strict: false }) as Search;
  return { search, change: useChange() };
}

type Change = (changes: Search, how?: { replace?: boolean }) => void;

/** How to change it, for what does not show it: it is not drawn anew with each address. */
function useChange(): Change {
  const navigate = useNavigate();
  return useCallback(
    (changes, { replace = false } = {}) => {
      const next = (before: Search) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined && value !== ''),
        );
      void navigate({ to: '.', search: next as never, replace });
    },
    [navigate],
  );
}

/** Opens a panel of the page, for what does not show which is open. */
export function useOpenPanel(): (panel: string) => void {
  const change = useChange();
  return useCallback((panel) => change({ panel }), [change]);
}

/** The panel that is open, by the address; `close` leaves what else it says. */
export function usePanel(): { panel: string | undefined; open(panel: string): void; close(): void } {
  const { search, change } = useAddress();
  return {
    panel: search['panel'],
    open: (panel) => change({ panel }),
    close: () => change({ panel: undefined }),
  };
}
