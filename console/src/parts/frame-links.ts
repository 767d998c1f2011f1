import type { ListSearch } from '../pages/list/list-search.ts';
import type { ResolvedFrame } from './time-frames.ts';

/** The search of a list of leads or events in a frame; one that is under way has no end. */
export function listSearchOf(frame: ResolvedFrame, more: ListSearch = {}): Record<string, unknown> {
  const { start, end, isOpen } = frame;
  return { start: new Date(start).toISOString(), ...(!isOpen && { end: new Date(end).toISOString() }), ...more };
}
