import { type FrameSearch, readFrameSearch } from '../../parts/time-frames.ts';

const ID = /^[0-9a-f]{24}$/;

/** The source whose links are shown, and the time of the overview; what means nothing is left out. */
export function readPanel(search: Record<string, unknown>): { source?: string } & FrameSearch {
  const { source } = search;
  return { ...(typeof source === 'string' && ID.test(source) && { source }), ...readFrameSearch(search) };
}
