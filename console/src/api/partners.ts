import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AccountEntity, RecipientHealth, StatisticsRow } from '../../../client/src/client.ts';
import { listPartStarts } from '../parts/round-times.ts';
import { askedFrame, chooseInterval, type ResolvedFrame } from '../parts/time-frames.ts';
import { api } from './client.ts';
import { askedAgain, type NumbersOf, ruleOf } from './overview.ts';

export type { AccountEntity, RecipientHealth };

const HEALTH_POLL_MS = 5_000;

export const entitiesQuery = queryOptions({ queryKey: ['entities'], queryFn: () => api.listEntities() });

/** As the processes see recipients now. */
export const healthQuery = queryOptions({
  queryKey: ['recipients', 'health'],
  queryFn: () => api.listRecipientHealth(),
  refetchInterval: HEALTH_POLL_MS,
});

/** Both sides of the business. */
export type Side = 'recipient' | 'source';

export interface PartnerNumbers {
  id: string;
  name: string;
  submitted: number;
  success: number;
  failure: number;
  error: number;
  /** Leads that recipients sent back. */
  returns: number;
  /** Dollars. */
  cost: number;
  revenue: number;
  profit: number;
}

const RETURNED = 'return-received-success';

/** What each recipient or source did in a frame. */
export const partnersQuery = (side: Side, frame: ResolvedFrame) =>
  queryOptions({
    queryKey: ['partners', side, askedAgain(frame).key],
    queryFn: () => readPartners(side, frame),
    ...askedAgain(frame).options,
  });

function readNumbers(row: StatisticsRow, side: Side): PartnerNumbers {
  const read = (column: string) => Number(row[column] ?? 0);
  const id = String(row[`vars.${side}.id`] ?? '');
  return {
    id,
    name: String(row[`vars.${side}.name`] ?? id),
    submitted: read(`${side}-submitted`),
    success: read(`${side}-success`),
    failure: read(`${side}-failure`),
    error: read(`${side}-error`),
    returns: read(RETURNED),
    cost: read('cost'),
    revenue: read('revenue'),
    profit: read('profit'),
  };
}

/** The sources of one flow. */
export const sourcesOfFlowQuery = (flowId: string, frame: ResolvedFrame) =>
  queryOptions({
    queryKey: ['partners', 'source', flowId, askedAgain(frame).key],
    queryFn: () => readPartners('source', frame, { flow_id: flowId }),
    ...askedAgain(frame).options,
  });

async function readPartners(side: Side, frame: ResolvedFrame, of: NumbersOf = {}): Promise<PartnerNumbers[]> {
  const rows = await api.readStatistics({
    ...askedFrame(frame),
    ...ruleOf(of),
    group_by: [`vars.${side}.id`],
    // Of a recipient each delivery counts; a lead of a source counts once.
    by_lead: side === 'source' ? 'true' : 'false',
    column: [
      ...(['submitted', 'success', 'failure', 'error'] as const).map((outcome) => `${side}-${outcome}` as const),
      ...([RETURNED, 'cost', 'revenue', 'profit'] as const),
    ],
  });
  return rows.map((row) => readNumbers(row, side));
}

export interface Latency {
  count: number;
  p50: number | null;
  p95: number | null;
}

export const latenciesQuery = (by: Side | 'flow', frame: ResolvedFrame) =>
  queryOptions({
    queryKey: ['latencies', by, askedAgain(frame).key],
    queryFn: async () => {
      const { latencies } = await api.readLatencies({ by, ...askedFrame(frame) });
      return new Map(
        latencies.map(({ id, count, p50_ms: p50, p95_ms: p95 }): [string, Latency] => [id, { count, p50, p95 }]),
      );
    },
    ...askedAgain(frame).options,
  });

/** Of each recipient or source how much there was in each part of the frame: for pictures of a line. */
/** In the parts of the time; without an event it is 0. */
export const volumesQuery = (side: Side, frame: ResolvedFrame, zone: string) =>
  queryOptions({
    queryKey: ['volumes', side, askedAgain(frame).key],
    queryFn: async () => {
      const group = `vars.${side}.id`;
      const rows = await api.readStatistics({
        ...askedFrame(frame),
        ...{ group_by: [group], interval: chooseInterval(frame), by_lead: side === 'source' ? 'true' : 'false' },
        column: [`${side}-submitted` as const],
      });
      const parts = listPartStarts(frame, chooseInterval(frame), zone);
      const volumes = new Map<string, number[]>();
      for (const row of rows) {
        const id = String(row[group] ?? '');
        const values = volumes.get(id) ?? parts.map(() => 0);
        volumes.set(id, values);
        const place = parts.findLastIndex((start) => start <= Date.parse(row.timeframe?.start ?? ''));
        values[place] = Number(row[`${side}-submitted`] ?? 0);
      }
      return volumes;
    },
    placeholderData: keepPreviousData,
  });

/** Where flows name an entity: their sources and steps, with what a step signs in with. */
export interface PartnerUse {
  flowId: string;
  flowName: string;
  isEnabled: boolean;
  isDeployed: boolean;
  /** Of a recipient: the steps that deliver to it. */
  steps: { id: string; moduleId: string; isEnabled: boolean; credentialId: string | null }[];
  /** Of a source: does it take leads where its flow does? */
  isSourceEnabled: boolean;
}

interface SavedStep {
  id?: string;
  enabled?: boolean;
  credential_id?: string;
  entity?: { id?: string };
  integration?: { module_id?: string };
}

export const partnerUsesQuery = (side: Side, id: string) =>
  queryOptions({
    queryKey: ['partners', 'uses', side, id],
    queryFn: async (): Promise<PartnerUse[]> => {
      const flows = await api.listFlows({
        include: ['id', 'name', 'enabled', 'deployed_revision', side === 'source' ? 'sources' : 'steps'],
      });
      return flows.flatMap((flow) => {
        const { id: flowId = '', name = '', enabled, deployed_revision: revision, steps, sources } = flow;
        // Documents are checked when they are saved.
        const ownSteps = ((steps ?? []) as SavedStep[]).filter(({ entity }) => entity?.id === id);
        const source = ((sources ?? []) as SavedStep[]).find(({ entity }) => entity?.id === id);
        if (ownSteps.length === 0 && source === undefined) return [];
        return {
          ...{ flowId, flowName: name, isEnabled: enabled === true },
          isDeployed: typeof revision === 'number',
          isSourceEnabled: source?.enabled !== false,
          steps: ownSteps.map((step) => ({
            id: step.id ?? '',
            moduleId: step.integration?.module_id ?? '',
            isEnabled: step.enabled !== false,
            credentialId: step.credential_id ?? null,
          })),
        };
      });
    },
  });

export const credentialsQuery = queryOptions({
  queryKey: ['credentials'],
  queryFn: () => api.listCredentials(),
  staleTime: 60_000,
});

const PROBLEMS_MAX = 10;

export const recipientProblemsQuery = (id: string) =>
  queryOptions({
    queryKey: ['problems', 'recipient', id],
    queryFn: () => api.listProblems({ recipient_id: [id], limit: PROBLEMS_MAX }),
  });
