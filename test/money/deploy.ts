import type { Candidate, FlowDocument } from '../../src/model/flow.ts';
import type { PlayedFlow } from './play.ts';

/** A flow as it was saved, in the words of the play. `again` steps are those whose key says so. */
// biome-ignore lint/suspicious/noExplicitAny: the saved document, whose ids the server gave
export function readFlow(saved: any, flow: number): PlayedFlow {
  const document = saved as FlowDocument & { id: string };
  const recipients = document.steps.flatMap((step): Pick<Candidate, 'id' | 'key' | 'caps'>[] =>
    step.type === 'recipient' ? [step] : step.type === 'distribution' ? step.recipients : [],
  );
  return {
    id: document.id,
    sourceIds: document.sources.map(({ entity }) => String(entity.id)),
    flowCapId: String(document.caps?.[0]?.id),
    steps: recipients.map(({ id, key, caps }) => ({
      id: String(id),
      capId: String(caps?.[0]?.id),
      buying: { flow, buyer: Number(/buyer_(\d)/.exec(String(key))?.[1]), isAgain: String(key).endsWith('_again') },
    })),
  };
}
