import type { LeadRun, RunPart } from './lead-run.ts';

interface Access {
  reads: readonly (keyof LeadRun)[];
  writes: readonly (keyof LeadRun)[];
}

/**
 * What each phase reads and writes of the run: the columns of the table in phases.ts. The compiler holds them, because a
 * phase gets no more than `RunOf` its name; what it both reads and writes stands in both. A test sees to it that each is read.
 */
export const PHASE_ACCESS = {
  receive: { reads: ['submission'], writes: ['leadId', 'ctx'] },
  authenticate: { reads: ['submission', 'ctx'], writes: ['route', 'ctx'] },
  'inbound-integration': { reads: ['submission', 'route'], writes: ['parsed'] },
  hygiene: { reads: ['parsed'], writes: ['values'] },
  'inbound-mapping': { reads: ['ctx', 'route', 'values'], writes: ['values'] },
  'lead-object': {
    reads: ['submission', 'leadId', 'ctx', 'route', 'parsed', 'values'],
    writes: ['vars', 'secrets'],
  },
  'list-checks': {
    reads: [
      'submission',
      'attempt',
      'leadId',
      'ctx',
      'route',
      'values',
      'vars',
      'known',
      'askedLists',
      'listFindings',
      'namedPing',
      'askedCaps',
      'findings',
    ],
    writes: ['vars', 'known', 'askedLists', 'listFindings', 'namedPing', 'limitRefusal', 'askedCaps', 'findings'],
  },
  pricing: {
    reads: [
      'submission',
      'leadId',
      'ctx',
      'route',
      'values',
      'vars',
      'secrets',
      'opened',
      'known',
      'namedPing',
      'askedPrices',
      'findings',
      'waitMs',
    ],
    writes: ['offered', 'askedPrices', 'vars', 'warnings', 'findings', 'waitMs'],
  },
  caps: {
    reads: [
      'attempt',
      'leadId',
      'ctx',
      'route',
      'vars',
      'known',
      'askedLists',
      'offered',
      'askedCaps',
      'refusals',
      'findings',
    ],
    writes: ['known', 'askedCaps', 'capRefusal', 'refusals', 'findings'],
  },
  'acceptance-criteria': { reads: ['ctx', 'route', 'vars', 'findings'], writes: ['findings'] },
  steps: {
    reads: [
      'submission',
      'attempt',
      'leadId',
      'ctx',
      'route',
      'parsed',
      'vars',
      'secrets',
      'opened',
      'known',
      'askedLists',
      'listFindings',
      'namedPing',
      'offered',
      'askedPrices',
      'askedCaps',
      'capRefusal',
      'refusals',
      'held',
      'hasRun',
      'eventIds',
      'hasSent',
      'intended',
      'findings',
      'stepResults',
      'distributions',
      'turns',
      'appended',
      'storedBeginning',
    ],
    writes: [
      'vars',
      'secrets',
      'opened',
      'offered',
      'capRefusal',
      'stepResults',
      'distributions',
      'turns',
      'appended',
      'known',
      'refusals',
      'held',
      'hasRun',
      'eventIds',
      'hasSent',
      'intended',
      'waitMs',
      'stepCount',
      'findings',
      'storedBeginning',
    ],
  },
  revenue: {
    reads: ['stepResults', 'outcome', 'reason', 'offered'],
    writes: ['revenue', 'price', 'outcome', 'reason'],
  },
  'inbound-response': {
    reads: ['submission', 'leadId', 'route', 'vars', 'outcome', 'reason', 'price', 'appended'],
    writes: ['answer'],
  },
  respond: {
    reads: [
      'submission',
      'attempt',
      'leadId',
      'ctx',
      'route',
      'parsed',
      'vars',
      'secrets',
      'opened',
      'known',
      'askedLists',
      'listFindings',
      'namedPing',
      'limitRefusal',
      'offered',
      'askedPrices',
      'askedCaps',
      'capRefusal',
      'refusals',
      'hasRun',
      'intended',
      'warnings',
      'findings',
      'stepResults',
      'distributions',
      'appended',
      'waitMs',
      'stepCount',
      'stoppedIn',
      'revenue',
      'held',
      'outcome',
      'reason',
      'price',
      'answer',
      'storedBeginning',
    ],
    writes: ['known', 'answer', 'outcome', 'reason', 'price', 'storedBeginning'],
  },
} as const satisfies Record<string, Access>;

/** Also the name of the phase's file. */
export type PhaseName = keyof typeof PHASE_ACCESS;

type ReadBy<Name extends PhaseName> = (typeof PHASE_ACCESS)[Name]['reads'][number];
type WrittenBy<Name extends PhaseName> = (typeof PHASE_ACCESS)[Name]['writes'][number];

/** What a phase gets of the run. */
export type RunOf<Name extends PhaseName> = RunPart<Exclude<ReadBy<Name>, WrittenBy<Name>>> &
  Pick<LeadRun, WrittenBy<Name>>;
