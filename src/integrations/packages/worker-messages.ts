import type { Transaction } from '../../model/event.ts';
import type { ModuleParam, ModuleVariable, OutboundRequest } from '../contract.ts';
import type { Written } from './rich-message.ts';

/** What a package's thread is started with. */
export interface WorkerStart {
  /** The folder whose `node_modules` holds the package. */
  folder: string;
  /** The npm name. */
  packageName: string;
  /** Networks that may be reached although they are not public, as the setting writes them. */
  allowedNetworks: string[];
}

/** The functions of a module that answer at once. */
export type SyncOperation = 'validate' | 'request' | 'response' | 'inbound-request' | 'inbound-response';

export type ToPackage =
  | { kind: 'call'; callId: number; operation: SyncOperation; path: string; values: Written[] }
  | { kind: 'handle'; callId: number; path: string; vars: Written }
  /** The caller of this `handle` no longer waits: it may send nothing further. */
  | { kind: 'cancel'; callId: number };

/** Everything here was made by foreign code: read with care, never believed. */
export type FromPackage =
  | { kind: 'ready'; modules: DescribedModule[]; exportedName: string | null }
  | { kind: 'unusable'; reason: string }
  /** A plain value: no objects but literals and arrays. */
  | { kind: 'answer'; callId: number; value: unknown }
  | { kind: 'threw'; callId: number; message: string }
  /** How a `handle` ended; `isUnanswered`: a request of it left and no answer came. */
  | { kind: 'handled'; callId: number; value: unknown; error: string | null; isUnanswered: boolean }
  | { kind: 'exchange'; callId: number; transaction: Transaction }
  | { kind: 'cancelled'; callId: number };

/** A module as the package's own exports describe it (spec modules a1–a3). */
export interface DescribedModule {
  path: string;
  direction: 'inbound' | 'outbound';
  style: 'request/response' | 'handle';
  exportedName: string | null;
  hasValidate: boolean;
  hasResponse: boolean;
  requestVariables: ModuleVariable[];
  responseVariables: ModuleVariable[];
  envVariables: string[];
  params: ModuleParam[];
  isPingable: boolean;
}

/** What `request` of an exchange module answers over the thread's border. */
export type AnsweredRequest = OutboundRequest;

/** What `request` of an inbound module answers: the values, or the module's own answer. */
export type AnsweredSubmission =
  | { kind: 'values'; values: unknown }
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string };
