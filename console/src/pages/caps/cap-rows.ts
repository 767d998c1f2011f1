import type { CapPlaces } from '../../api/cap-places.ts';
import type { CapCounter, CounterKind, PingLimitCounter } from '../../api/caps.ts';
import { leftOf } from '../../editor/caps/count-after.ts';
import { describeSpan, formatCount } from '../../editor/caps/describe-cap.ts';
import { formatMoney } from '../../parts/format-money.ts';
import type { CapSearch, CapState } from './read-cap-search.ts';

/** A cap or a ping limit that runs, as a row of the table. */
export interface CapRow {
  id: string;
  kind: CounterKind;
  /** What people call it, else what it says. */
  name: string;
  /** `50 a day`; the zone is that of the window. */
  phrase: string;
  flowId: string;
  flowName: string;
  /** A source or a step; null: of the whole flow. */
  ownerName: string | null;
  /** Of the editor; null: the page of caps of the flow. */
  panel: string | null;
  counter: Counter;
  /** What is used and held, of 1; 1: full. A maximum of 0 is full. */
  share: number;
  left: number;
}

export type Counter = CapCounter | (PingLimitCounter & { held?: undefined; forecast?: undefined; type?: undefined });

/** Where names of flows and of their parts are found. */
export interface RowNames {
  flows: ReadonlyMap<string, string>;
  places: ReadonlyMap<string, CapPlaces>;
}

/** The fullest first. */
export function buildCapRows(
  { caps, pingLimits }: { caps: readonly CapCounter[]; pingLimits: readonly PingLimitCounter[] },
  names: RowNames,
): CapRow[] {
  const rows = [
    ...caps.map((counter) => buildRow('cap', counter, names)),
    ...pingLimits.map((counter) => buildRow('ping-limit', counter, names)),
  ];
  return rows.sort((one, other) => other.share - one.share || one.name.localeCompare(other.name));
}

function buildRow(kind: CounterKind, counter: Counter, { flows, places }: RowNames): CapRow {
  const { id, name, flow_id: flowId, source_id: sourceId, maximum, count, held = 0 } = counter;
  const stepId = 'step_id' in counter ? counter.step_id : null;
  const ofFlow = places.get(flowId);
  const place = stepId !== null ? ofFlow?.steps.get(stepId) : sourceId !== null ? ofFlow?.sources.get(sourceId) : null;
  const phrase = describeCounter(kind, counter);
  return {
    ...{ id, kind, phrase, flowId, counter },
    name: name || phrase,
    flowName: flows.get(flowId) ?? flowId,
    ownerName: place === null ? null : (place?.name ?? stepId ?? sourceId),
    panel: place?.panel ?? null,
    share: maximum === 0 ? 1 : Math.min(1, (count + held) / maximum),
    left: leftOf({ maximum, count, held }),
  };
}

function describeCounter(kind: CounterKind, counter: Counter): string {
  const { duration, duration_units, deployed_maximum: maximum } = counter;
  const amount = counter.type === 'revenue' ? formatMoney(maximum) : formatCount(maximum);
  return `${amount}${kind === 'ping-limit' ? ' pings' : ''} ${describeSpan({ duration, duration_units })}`;
}

/** As alerts are sent at 80 % unless they say otherwise. */
const NEAR_SHARE = 0.8;

export function stateOf({ share }: CapRow): CapState {
  if (share >= 1) return 'full';
  if (share >= NEAR_SHARE) return 'near';
  return share > 0 ? 'used' : 'unused';
}

export function filterCaps(rows: readonly CapRow[], { q = '', state, kind }: CapSearch): CapRow[] {
  const wanted = q.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (state === undefined || stateOf(row) === state) &&
      (kind === undefined || row.kind === kind) &&
      [row.name, row.flowName, row.ownerName ?? '', row.id].some((text) => text.toLowerCase().includes(wanted)),
  );
}
