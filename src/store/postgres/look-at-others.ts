import type { CapRequest, CapSeen, LookRequest, LookResult } from '../../pipeline/run-store.ts';
import type { RecentRoom } from '../recent-room.ts';
import { buildCapKey } from './place-keys.ts';

/** Looks at what is asked for, without the cap windows that had ample room a moment ago; asks nothing where all had. */
export function lookAtOthers(
  request: LookRequest,
  { room, look }: { room: RecentRoom; look(request: LookRequest): Promise<LookResult> },
): Promise<LookResult> {
  const recalled = request.caps.map((cap) => room.recall(buildCapKey(request.run, cap).key, cap));
  if (recalled.every((generation) => generation === undefined)) return look(request);
  const caps = request.caps.filter((_, index) => recalled[index] === undefined);
  if (caps.length + request.lists.length === 0) {
    return Promise.resolve({ kind: 'seen', lists: [], caps: merge(recalled, []) });
  }
  return look({ ...request, caps }).then((result) =>
    result.kind === 'seen' ? { ...result, caps: merge(recalled, result.caps) } : result,
  );
}

/** In the order asked. */
function merge(recalled: readonly (CapRequest['generation'] | undefined)[], seen: readonly CapSeen[]): CapSeen[] {
  let next = 0;
  return recalled.map((generation) => {
    if (generation !== undefined) return { refusal: null, generation };
    const other = seen[next] as CapSeen; // a look answers in the order it was asked
    next += 1;
    return other;
  });
}
