import { queryOptions } from '@tanstack/react-query';
import type { FlowDocument } from '../../../src/model/flow.ts';
import { completeDocument } from '../editor/draft/draft-api.ts';
import { api } from './client.ts';

/** The whole flow as it is saved. */
export const flowDocumentQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['flows', flowId, 'document'],
    queryFn: async () => completeDocument((await api.readFlow(flowId)) as Partial<FlowDocument>), // one of the two types is generated
  });
