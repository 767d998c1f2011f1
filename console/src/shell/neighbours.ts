/** The list that a lead was opened from: its leads in order, and where it is. Kept for the tab, without any value. */
export interface Neighbours {
  ids: string[];
  /** Inside the console, with its filters. */
  href: string;
}

const KEY = 'sluice-neighbours';
const RETURN_KEY = 'sluice-opened-lead';
const IDS_MAX = 1_000;

export function keepNeighbours({ ids, href }: Neighbours, storage: Storage): void {
  storage.setItem(KEY, JSON.stringify({ ids: [...new Set(ids)].slice(0, IDS_MAX), href }));
}

/** null: the lead was not opened from a list. */
export function readNeighbours(storage: Storage): Neighbours | null {
  try {
    const { ids, href }: Partial<Neighbours> = JSON.parse(storage.getItem(KEY) ?? '{}') ?? {};
    const isSound = Array.isArray(ids) && ids.every((id) => typeof id === 'string') && typeof href === 'string';
    return isSound && href.startsWith('/') ? { ids, href } : null;
  } catch {
    return null;
  }
}

/** Which lead the list gives the focus back to. */
export function noteOpened(id: string, storage: Storage): void {
  storage.setItem(RETURN_KEY, id);
}

/** Once: what was noted is forgotten. */
export function takeOpened(storage: Storage): string | null {
  const id = storage.getItem(RETURN_KEY);
  storage.removeItem(RETURN_KEY);
  return id;
}
