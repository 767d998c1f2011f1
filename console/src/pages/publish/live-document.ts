import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

/** The document that leads run on: whole where it is what is saved, else without its secrets. null: nothing runs. */
export const liveDocumentQuery = (flowId: string, given: { saved: number; deployed: number | null }) =>
  queryOptions({
    queryKey: ['flows', flowId, 'live', given.saved, given.deployed],
    queryFn: async (): Promise<object | null> => {
      if (given.deployed === null) return null;
      if (given.deployed === given.saved) return api.readFlow(flowId);
      return (await api.readRevision(flowId, String(given.deployed))).document as object; // a document is an object
    },
  });
