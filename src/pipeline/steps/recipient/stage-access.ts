import type { LeadRun, RunPart, Unchanged } from '../../lead-run.ts';
import type { RunOf } from '../../phase-access.ts';
import type { StepRun } from './step-run.ts';

type StepKey = Exclude<keyof StepRun, 'run'>;
type LeadKey = keyof RunOf<'steps'>;

interface StageAccess {
  reads: readonly StepKey[];
  writes: readonly StepKey[];
  /** The same of the lead’s run, within what the phase `steps` reads and writes. */
  ofLead: { reads: readonly LeadKey[]; writes: readonly LeadKey[] };
}

/**
 * What each stage reads and writes of the step’s run and of the lead’s: the columns of the table in stages.ts. The
 * compiler holds them, because a stage gets no more than `StepRunOf` its name; what it both reads and writes stands in
 * both. A test sees to it that each is read.
 */
export const STAGE_ACCESS = {
  'integration-lookup': { reads: ['step'], writes: [], ofLead: { reads: [], writes: [] } },
  'step-criteria': {
    reads: ['step'],
    writes: [],
    ofLead: { reads: ['ctx', 'vars', 'findings'], writes: ['findings'] },
  },
  credential: {
    reads: ['step', 'deps', 'moduleVars'],
    writes: ['credential'],
    ofLead: { reads: ['submission', 'route', 'opened'], writes: ['opened'] },
  },
  'outbound-mapping': {
    reads: ['step', 'eventId', 'credential'],
    writes: ['moduleVars', 'appliedMappings'],
    ofLead: {
      reads: ['attempt', 'ctx', 'vars', 'secrets', 'opened', 'offered', 'appended'],
      writes: ['secrets', 'opened'],
    },
  },
  'type-parsing': { reads: ['step', 'moduleVars'], writes: ['moduleVars'], ofLead: { reads: ['ctx'], writes: [] } },
  validate: {
    reads: ['step', 'deps', 'moduleVars'],
    writes: [],
    ofLead: { reads: ['submission', 'leadId', 'route'], writes: [] },
  },
  'step-caps': {
    reads: ['step', 'deps', 'sale', 'askedCaps', 'expectedPrice'],
    writes: ['askedCaps', 'expectedPrice', 'capRefusal'],
    ofLead: {
      reads: ['attempt', 'leadId', 'ctx', 'route', 'vars', 'known', 'refusals', 'hasRun', 'findings'],
      writes: ['known', 'refusals', 'findings'],
    },
  },
  http: {
    reads: [
      'step',
      'deps',
      'eventId',
      'moduleVars',
      'credential',
      'askedCaps',
      'expectedPrice',
      'offer',
      'request',
      'result',
      'transactions',
      'waitMs',
      'innerLead',
    ],
    writes: [
      'credential',
      'isCredentialUpdated',
      'askedCaps',
      'expectedPrice',
      'capRefusal',
      'request',
      'result',
      'handled',
      'transactions',
      'waitMs',
      'isUnknown',
      'innerLead',
      'innerLeadFacts',
    ],
    ofLead: {
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
        'listFindings',
        'offered',
        'askedPrices',
        'known',
        'askedLists',
        'askedCaps',
        'capRefusal',
        'refusals',
        'held',
        'hasRun',
        'hasSent',
        'intended',
        'findings',
        'stepResults',
        'distributions',
        'waitMs',
        'storedBeginning',
      ],
      writes: [
        'opened',
        'known',
        'refusals',
        'findings',
        'held',
        'hasRun',
        'hasSent',
        'intended',
        'waitMs',
        'storedBeginning',
      ],
    },
  },
  response: {
    reads: [
      'step',
      'deps',
      'sale',
      'moduleVars',
      'credential',
      'request',
      'result',
      'handled',
      'answer',
      'outcome',
      'warnings',
    ],
    writes: ['isUnknown', 'answer', 'outcome', 'reason', 'salePrice', 'warnings'],
    ofLead: { reads: ['submission', 'leadId', 'ctx', 'route', 'vars', 'findings'], writes: ['findings'] },
  },
  append: {
    reads: ['step', 'answer', 'outcome', 'reason'],
    writes: ['appended'],
    ofLead: { reads: ['ctx', 'vars', 'appended'], writes: ['vars', 'appended'] },
  },
  event: {
    reads: [
      'step',
      'deps',
      'eventId',
      'startedAt',
      'offer',
      'appliedMappings',
      'credential',
      'isCredentialUpdated',
      'capRefusal',
      'transactions',
      'waitMs',
      'isUnknown',
      'innerLead',
      'innerLeadFacts',
      'expectedPrice',
      'salePrice',
      'warnings',
      'outcome',
      'reason',
      'appended',
    ],
    writes: [],
    ofLead: { reads: ['secrets', 'opened', 'stepResults'], writes: ['stepResults'] },
  },
} as const satisfies Record<string, StageAccess>;

/** Also the name of the stage’s file. */
export type StageName = keyof typeof STAGE_ACCESS;

type ReadBy<Name extends StageName> = (typeof STAGE_ACCESS)[Name]['reads'][number];
type WrittenBy<Name extends StageName> = (typeof STAGE_ACCESS)[Name]['writes'][number];
type LeadReadBy<Name extends StageName> = (typeof STAGE_ACCESS)[Name]['ofLead']['reads'][number];
type LeadWrittenBy<Name extends StageName> = (typeof STAGE_ACCESS)[Name]['ofLead']['writes'][number];

/** The parts of a step’s run that a function reads and does not change. */
export type StepPart<Key extends StepKey> = { readonly [Each in Key]: Unchanged<StepRun[Each]> };

/** What a stage gets of the lead’s run. */
export type LeadOf<Name extends StageName> = RunPart<Exclude<LeadReadBy<Name>, LeadWrittenBy<Name>>> &
  Pick<LeadRun, LeadWrittenBy<Name>>;

/** What a stage gets of the step’s run. */
export type StepRunOf<Name extends StageName> = { readonly run: LeadOf<Name> } & StepPart<
  Exclude<ReadBy<Name>, WrittenBy<Name>>
> &
  Pick<StepRun, WrittenBy<Name>>;
