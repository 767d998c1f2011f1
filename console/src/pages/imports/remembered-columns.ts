const KEY = 'sluice-import-columns';
/** Sources that are remembered; the oldest goes. */
const PLACES_MAX = 50;
const COLUMNS_MAX = 200;

/** The field by the name of the column; null: it was not imported. */
export type Remembered = Readonly<Record<string, string | null>>;

interface NamedColumn {
  name: string | null;
  field: string | null;
}

/** How the last import into a source read its columns, in this browser. Names alone, never a value. */
export function readRemembered(place: string, storage: Storage): Remembered {
  return readAll(storage).find(([key]) => key === place)?.[1] ?? {};
}

export function remember(place: string, columns: readonly NamedColumn[], storage: Storage): void {
  const kept = Object.fromEntries(
    columns.flatMap(({ name, field }) => (name === null ? [] : [[name, field] as const])).slice(0, COLUMNS_MAX),
  );
  const others = readAll(storage).filter(([key]) => key !== place);
  storage.setItem(KEY, JSON.stringify([...others, [place, kept]].slice(-PLACES_MAX)));
}

/** What of the guess was different last time, by the number of the column; fields that are gone are not taken again. */
export function findOtherColumns(
  columns: readonly (NamedColumn & { column: number })[],
  { remembered, fields }: { remembered: Remembered; fields: readonly string[] },
): Record<string, string | null> {
  return Object.fromEntries(
    columns.flatMap(({ column, name, field }) => {
      const before = name === null ? undefined : remembered[name];
      if (before === undefined || before === field || (before !== null && !fields.includes(before))) return [];
      return [[String(column), before] as const];
    }),
  );
}

function readAll(storage: Storage): [string, Remembered][] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? (kept as [string, Remembered][]) : []; // written by `remember` alone
  } catch {
    return [];
  }
}
