import type { Event, ExplainedStep } from '../../../../client/src/client.ts';
import { nameTree } from './tree-words.ts';

export interface Segment {
  kind: 'prepare' | 'wait' | 'read';
  /** Of the whole, 0 to 1. */
  from: number;
  to: number;
  ms: number;
}

export interface TimelineRow {
  key: string;
  name: string;
  state: string;
  /** After the lead came in. null: it did not run. */
  startMs: number | null;
  ms: number | null;
  segments: Segment[];
}

/** Below this share a bar could not be seen. */
const SHARE_MIN = 0.004;

/**
 * What took how long, from the lead's arrival: each step in order. Of a delivery: what came before the request left, the wait for
 * the answer, and what came after. What runs after the answer (retries, feedback) is listed by its time, and has no bar.
 */
export function buildTimeline(
  events: readonly Event[],
  { steps, submittedAt }: { steps: readonly ExplainedStep[]; submittedAt: number },
): { rows: TimelineRow[]; totalMs: number } {
  const source = events.find(({ type }) => type === 'source');
  const totalMs = Math.max(1, source?.total_ms ?? source?.ms ?? 0);
  const rows = steps.map((step): TimelineRow => {
    const event = events.find(({ id }) => id === step.event_id);
    const name = step.recipient?.name ?? step.description ?? nameTree({ name: step.path });
    const row = { key: step.step_id, name, state: step.verdict };
    if (event?.start_timestamp === undefined) return { ...row, startMs: null, ms: null, segments: [] };
    const startMs = event.start_timestamp - submittedAt;
    const ms = event.ms ?? 0;
    return { ...row, startMs, ms, segments: cut(segmentsOf(event, startMs), totalMs) };
  });
  return { rows, totalMs };
}

interface Piece {
  kind: Segment['kind'];
  startMs: number;
  ms: number;
}

/** A delivery prepares, waits for the answer and reads it; of the rest only the sum is on record, unless the request is known. */
function segmentsOf(event: Event, startMs: number): Piece[] {
  const { ms = 0, wait_ms: waitMs = 0 } = event;
  if (waitMs === 0) return [{ kind: 'prepare', startMs, ms }];
  const restMs = Math.max(0, ms - waitMs);
  const prepareMs = Math.min(restMs, msBeforeRequest(event) ?? restMs);
  return [
    { kind: 'prepare' as const, startMs, ms: prepareMs },
    { kind: 'wait' as const, startMs: startMs + prepareMs, ms: waitMs },
    { kind: 'read' as const, startMs: startMs + prepareMs + waitMs, ms: restMs - prepareMs },
  ].filter((piece) => piece.ms > 0);
}

/** The request is known with the values of the lead alone. */
function msBeforeRequest({ transactions, start_timestamp: startedAt = 0 }: Event): number | undefined {
  const request = transactions?.[0]?.['request'];
  if (typeof request !== 'object' || request === null || !('timestamp' in request)) return undefined;
  return typeof request.timestamp === 'number' ? Math.max(0, request.timestamp - startedAt) : undefined;
}

function cut(pieces: readonly Piece[], totalMs: number): Segment[] {
  return pieces.map(({ kind, startMs, ms }) => {
    const from = bounded(startMs / totalMs);
    return {
      kind,
      ms,
      from: Math.min(from, 1 - SHARE_MIN),
      to: Math.max(bounded((startMs + ms) / totalMs), Math.min(1, from + SHARE_MIN)),
    };
  });
}

function bounded(share: number): number {
  return Math.min(1, Math.max(0, share));
}
