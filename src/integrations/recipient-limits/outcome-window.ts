/** How far back outcomes count, and how finely the past is forgotten. */
export const WINDOW_MS = 60_000;
const BUCKET_MS = 10_000;
const BUCKETS = WINDOW_MS / BUCKET_MS;

export interface OutcomeCounts {
  requests: number;
  errors: number;
}

/** Requests and errors of the last minute, in buckets of ten seconds: constant memory and no timer. */
export class OutcomeWindow {
  readonly #buckets: (OutcomeCounts & { number: number })[] = [];

  /** `now` in monotonic ms, never less than before. */
  record(outcome: { isError: boolean; now: number }): void {
    const number = Math.floor(outcome.now / BUCKET_MS);
    let bucket = this.#buckets.at(-1);
    if (bucket?.number !== number) {
      bucket = { number, requests: 0, errors: 0 };
      this.#buckets.push(bucket);
      if (this.#buckets.length > BUCKETS) this.#buckets.shift();
    }
    bucket.requests += 1;
    if (outcome.isError) bucket.errors += 1;
  }

  counts(now: number): OutcomeCounts {
    const oldest = Math.floor(now / BUCKET_MS) - BUCKETS + 1;
    let requests = 0;
    let errors = 0;
    for (const bucket of this.#buckets) {
      if (bucket.number < oldest) continue;
      requests += bucket.requests;
      errors += bucket.errors;
    }
    return { requests, errors };
  }

  clear(): void {
    this.#buckets.length = 0;
  }
}
