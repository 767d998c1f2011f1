import type { Cap, PingLimit } from '../model/cap.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument } from '../model/flow.ts';

export interface FlowLimit {
  /** Dotted, `sources.0.caps.1.caps.0`. */
  path: string;
  limit: Cap | PingLimit;
}

/** Every cap and ping limit of a flow, nested caps included, in the order of the document. */
export function flowLimits(document: FlowDocument): FlowLimit[] {
  return [
    ...limitsAt('caps', document.caps),
    ...limitsAt('ping_limits', document.ping_limits),
    ...document.sources.flatMap((source, index) => [
      ...limitsAt(`sources.${index}.caps`, source.caps),
      ...limitsAt(`sources.${index}.ping_limits`, source.ping_limits),
    ]),
    ...listDeliverySteps(document).flatMap(({ path, step }) => limitsAt(`${path}.caps`, step.caps)),
  ];
}

function limitsAt(path: string, limits: readonly (Cap | PingLimit)[] | null | undefined): FlowLimit[] {
  return (limits ?? []).flatMap((limit, index) => [
    { path: `${path}.${index}`, limit },
    ...('caps' in limit ? limitsAt(`${path}.${index}.caps`, limit.caps) : []),
  ]);
}
