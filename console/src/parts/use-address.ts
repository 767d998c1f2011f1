import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What an address says behind `?`, by name. */
export type Search = Readonly<Record<string, string | undefined>>;

/** What the address says, and how to change it. A change goes into the history unless it `replace`s, as typing does. */
export function useAddress(): {
  search: Search;
  change(changes: Search, how?: { replace?: boolean }): void;
} {
  // Each route has said which texts it takes (`takeTexts`).
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Search, { replace = false }: { replace?: boolean } = {}) => {
      const next = (before: Search) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined && value !== ''),
        );
      void navigate({ to: '.', search: next as never, replace });
    },
    [navigate],
  );
  return { search, change };
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
