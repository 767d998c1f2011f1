/** How a process came to run compiled code before it was measured. */
export interface WarmUpReport {
  /** What was warmed, for people. */
  title: string;
  /** CPU of the process for each lead, µs, of each window. */
  windowsUs: number[];
  /** Did two successive windows agree? */
  isReached: boolean;
}

/** Two successive windows that differ by no more than this share have the same code. */
const AGREEMENT = 0.05;

/** Measures windows until two successive ones agree, at most `windowsMax`: a process that never settles is measured, too. */
export async function warmUp(options: {
  title: string;
  windowsMax: number;
  /** CPU for each lead of one window, µs. */
  measure(): Promise<number>;
}): Promise<WarmUpReport> {
  const { title, windowsMax, measure } = options;
  const windowsUs: number[] = [];
  let isReached = false;
  while (!isReached && windowsUs.length < windowsMax) {
    windowsUs.push(await measure());
    isReached = agree(windowsUs.at(-2), windowsUs.at(-1));
  }
  return { title, windowsUs, isReached };
}

/** The windows of a warm-up in one line. */
export function describeWarmUp({ title, windowsUs, isReached }: WarmUpReport): string {
  const windows = windowsUs.map((us) => us.toFixed(0)).join(', ');
  const end = isReached ? 'warm' : `NOT WARM after ${windowsUs.length} windows`;
  return `${title}: ${end}; CPU a lead in successive windows: ${windows} µs`;
}

function agree(before: number | undefined, after: number | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return Math.abs(after - before) <= AGREEMENT * before;
}
