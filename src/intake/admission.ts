/** How many leads may be in the house at once: past the bound the answer is 503 at once, never a slow death. */
export interface Admission {
  /** Takes a place; undefined: none is left. Call what it answers when the lead has left. */
  enter(): (() => void) | undefined;
  /** The same for what can wait: it leaves half of the places to leads of senders. */
  enterBehind(): (() => void) | undefined;
  /** Leads in the house. */
  count(): number;
  /** Leads that ever took a place. */
  entered(): number;
  /** Resolves when the last one has left. */
  emptied(): Promise<void>;
}

export function createAdmission(leadsMax: number): Admission {
  let inside = 0;
  let entered = 0;
  let waiting: (() => void)[] = [];
  const leave = () => {
    inside -= 1;
    if (inside > 0) return;
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve();
  };
  const enterUpTo = (most: number) => {
    if (inside >= most) return undefined;
    inside += 1;
    entered += 1;
    return leave;
  };
  return {
    enter: () => enterUpTo(leadsMax),
    enterBehind: () => enterUpTo(Math.ceil(leadsMax / 2)),
    count: () => inside,
    entered: () => entered,
    emptied: () => (inside === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
