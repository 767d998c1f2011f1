/** Neighbours that have a value, each with its place: the parts of a line between its gaps. */
export function listRuns(values: readonly (number | null)[]): [place: number, value: number][][] {
  const runs: [number, number][][] = [];
  for (const [place, value] of values.entries()) {
    if (value === null) continue;
    const run = runs.at(-1);
    if (run?.at(-1)?.[0] === place - 1) run.push([place, value]);
    else runs.push([[place, value]]);
  }
  return runs;
}
