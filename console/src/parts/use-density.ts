import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect } from 'react';
import { settingsQuery, useSaveSettings } from '../api/settings.ts';
import { useSession } from '../api/use-session.ts';
import { announce } from './announce.ts';

/** Of the rows of every table: 32 or 24 px, of which 20 or 26 fit on a page of 900 px. */
export type Density = 'comfortable' | 'compact';

/** As the person chose it, in every browser, and how it is chosen. */
export function useDensity() {
  const { user } = useSession();
  const { data: settings } = useQuery(settingsQuery);
  const save = useSaveSettings(({ compactRows }) =>
    announce(compactRows ? 'Rows are compact' : 'Rows are comfortable'),
  );
  const key = `sluice-rows-${user.id}`;
  const wanted = save.isPending ? save.variables.compactRows : settings?.compactRows;
  // Until the settings are read the browser shows rows as it did the last time: nothing moves.
  const isCompact = wanted ?? localStorage.getItem(key) === 'compact';
  return {
    ...{ key, isKnown: settings !== undefined, error: save.error },
    density: (isCompact ? 'compact' : 'comfortable') satisfies Density,
    choose: (density: Density) => save.mutate({ compactRows: density === 'compact' }),
  };
}

/** Shows every table of the document in the rows that the person chose. */
export function useShownDensity(): void {
  const { key, density, isKnown } = useDensity();
  useLayoutEffect(() => {
    document.documentElement.dataset['density'] = density;
    if (isKnown) localStorage.setItem(key, density);
  }, [key, density, isKnown]);
}
