import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Replay } from '../../../../client/src/client.ts';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { api } from '../../api/client.ts';

/** A pause in changes after which the server is asked: it runs leads twice. */
const PAUSE_MS = 1_200;
const LEADS = 200;

/** What would become of the last leads on this document. A question that is no longer needed is given up. */
export function useReplay(flowId: string, document: FlowDocument, { isEnabled }: { isEnabled: boolean }) {
  const [asked] = useDebouncedValue(document, PAUSE_MS);
  const answered = useQuery({
    queryKey: ['replay', flowId, numberOf(asked)],
    queryFn: ({ signal }): Promise<Replay> =>
      api.replayFlow(flowId, { document: asked as never, last: LEADS }, { signal }),
    placeholderData: keepPreviousData,
    enabled: isEnabled,
    retry: false,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  return { ...answered, isBehind: asked !== document || answered.isFetching };
}

const NUMBERS = new WeakMap<FlowDocument, number>();
let last = 0;

/** Documents are not changed in place, so that one has one number; a key of the whole text would be written at each drawing. */
function numberOf(document: FlowDocument): number {
  const known = NUMBERS.get(document);
  if (known !== undefined) return known;
  last += 1;
  NUMBERS.set(document, last);
  return last;
}
