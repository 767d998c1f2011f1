/** Where caps of a flow are, by the ids that counters have. */
export interface CapPlaces {
  sources: ReadonlyMap<string, CapPlace>;
  steps: ReadonlyMap<string, CapPlace>;
}

export interface CapPlace {
  name: string;
  /** Of the editor: `sources.0.caps`. */
  panel: string;
}

interface Placed {
  id?: string;
  name?: string;
  description?: string;
  entity?: { id?: string; name?: string };
  recipients?: Placed[];
}

/** Of a flow as it is saved: a part without a name is called by its place. */
export function readPlaces(flow: Record<string, unknown>): CapPlaces {
  const { sources, steps } = flow;
  const ofSources = listOf(sources).map(({ entity }, index): [string, CapPlace] => [
    entity?.id ?? '',
    { name: entity?.name ?? `Source ${index + 1}`, panel: `sources.${index}.caps` },
  ]);
  const ofSteps = listOf(steps).flatMap((step, index) => {
    const path = `steps.${index}`;
    const inside = (step.recipients ?? []).map((each, place) => placeOf(each, `${path}.recipients.${place}`, place));
    return [placeOf(step, path, index), ...inside];
  });
  return { sources: new Map(ofSources), steps: new Map(ofSteps) };
}

function placeOf({ id = '', entity, description, name }: Placed, path: string, index: number): [string, CapPlace] {
  return [id, { name: entity?.name || description || name || `Step ${index + 1}`, panel: `${path}.caps` }];
}

/** As it is saved, a flow has lists there. */
function listOf(parts: unknown): Placed[] {
  return Array.isArray(parts) ? parts : [];
}
