import type { ListSection } from './list-search.ts';

/** How a person has a list shown: of the browser, not of the address. */
export interface ListDisplay {
  /** Columns that are not shown, by their keys. */
  hidden: string[];
  /** Is the histogram shown? */
  hasChart: boolean;
}

const USUAL: ListDisplay = { hidden: ['revision', 'resubmitted_as', 'ms'], hasChart: true };

function keyOf(section: ListSection, userId: string): string {
  return `sluice-list-${section}-${userId}`;
}

export function readDisplay({
  section,
  userId,
  storage,
}: {
  section: ListSection;
  userId: string;
  storage: Storage;
}): ListDisplay {
  try {
    const kept: Partial<ListDisplay> = JSON.parse(storage.getItem(keyOf(section, userId)) ?? '{}') ?? {};
    return {
      hidden: Array.isArray(kept.hidden) ? kept.hidden.filter((each) => typeof each === 'string') : USUAL.hidden,
      hasChart: kept.hasChart !== false,
    };
  } catch {
    return USUAL;
  }
}

export function keepDisplay(
  display: ListDisplay,
  { section, userId, storage }: { section: ListSection; userId: string; storage: Storage },
): void {
  storage.setItem(keyOf(section, userId), JSON.stringify(display));
}
