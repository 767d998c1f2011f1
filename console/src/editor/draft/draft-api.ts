import { type Flow, type FlowDraft, SluiceError } from '../../../../client/src/client.ts';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { api, apiOnLeaving } from '../../api/client.ts';
import { readSession } from '../../api/session.ts';
import type { Fault } from '../part-props.ts';
import type { DraftTools, DraftToSave, SaveResult, ServerDraft } from './draft-store.ts';

/** What the server tells of a flow beside its document. */
const TOLD = ['$schema', 'errors', 'warnings', 'revision', 'deployed_revision', 'created_at', 'updated_at'];

/** The draft of the flow, else the flow as it is saved. */
export async function readServerDraft(flowId: string): Promise<ServerDraft> {
  try {
    return parseDraft(await api.readDraft(flowId));
  } catch (error) {
    // Without the flow, the next request says so.
    if (!(error instanceof SluiceError) || error.status !== 404) throw error;
    return readSavedFlow(flowId);
  }
}

/** The API of one flow as the store asks it. */
export function draftApiOf(flowId: string): Pick<DraftTools, 'read' | 'save' | 'discard'> {
  return {
    read: () => readServerDraft(flowId),
    save: (draft, { isLeaving }) => save(flowId, draft, { isLeaving, mayRenew: true }),
    discard: async (version) => {
      await api.discardDraft(flowId, { version });
    },
  };
}

async function save(
  flowId: string,
  draft: DraftToSave,
  { isLeaving, mayRenew }: { isLeaving: boolean; mayRenew: boolean },
): Promise<SaveResult> {
  const { document, baseRevision, version } = draft;
  try {
    const given = { document: toWire(document), base_revision: baseRevision, version };
    return { kind: 'saved', draft: parseDraft(await (isLeaving ? apiOnLeaving : api).replaceDraft(flowId, given)) };
  } catch (error) {
    return judgeRefusal(error, { flowId, draft, isLeaving, mayRenew });
  }
}

async function judgeRefusal(
  error: unknown,
  given: { flowId: string; draft: DraftToSave; isLeaving: boolean; mayRenew: boolean },
): Promise<SaveResult> {
  if (!(error instanceof SluiceError)) return { kind: 'failed', problem: String(error), mayRetry: true };
  const { flowId, draft, isLeaving, mayRenew } = given;
  if (error.status === 409) {
    try {
      return { kind: 'conflict', theirs: await readServerDraft(flowId) };
    } catch {
      // What the server has could not be read: the next attempt meets the same conflict.
      return { kind: 'failed', problem: error.message, mayRetry: true };
    }
  }
  // Somebody may have signed in again in another tab: the token of this one is of the session before.
  if (isSignedOut(error) && mayRenew) {
    const session = await readSession().catch(() => null);
    if (session !== null) return save(flowId, draft, { isLeaving, mayRenew: false });
  }
  return { kind: 'failed', problem: describeRefusal(error), mayRetry: !isFinal(error) };
}

const isSignedOut = ({ status, code }: SluiceError) => status === 401 || code === 'csrf_token_required';

/** The same request would be refused again. */
const isFinal = ({ status }: SluiceError) =>
  status !== null && status >= 400 && status < 500 && status !== 429 && status !== 401;

function describeRefusal(error: SluiceError): string {
  if (error.status === 401) return 'You are signed out. Sign in in another tab: this page keeps your changes.';
  if (error.status === null) return 'The server cannot be reached. Your changes are kept on this page and saved later.';
  return error.message;
}

/** Two types of the same document: that of the model, and that of the API, whose lists may be null. */
const toWire = (document: FlowDocument) => document as Flow;

function parseDraft(draft: FlowDraft): ServerDraft {
  return {
    document: completeDocument(draft.document as Partial<FlowDocument>), // any shape; the parts show what they cannot read
    version: draft.version,
    baseRevision: draft.base_revision,
    savedRevision: draft.saved_revision,
    deployedRevision: draft.deployed_revision,
    faults: listFaults(draft),
    changes: draft.changes.changes,
    sentences: draft.changes.sentences,
    more: draft.changes.more_changes,
    updatedAt: draft.updated_at,
    user: draft.user.name,
  };
}

async function readSavedFlow(flowId: string): Promise<ServerDraft> {
  const flow: Record<string, unknown> = await api.readFlow(flowId);
  const document = Object.fromEntries(Object.entries(flow).filter(([name]) => !TOLD.includes(name)));
  const revision = Number(flow['revision'] ?? 0);
  const deployed = flow['deployed_revision'];
  return {
    document: completeDocument(document as Partial<FlowDocument>),
    ...{ version: null, baseRevision: revision, savedRevision: revision },
    deployedRevision: typeof deployed === 'number' ? deployed : null,
    faults: listFaults(flow as Partial<Pick<FlowDraft, 'errors' | 'warnings'>>), // as SavedFlow has them
    ...{ changes: [], sentences: [], more: 0, updatedAt: null, user: null },
  };
}

/** A draft may lack any part; the parts of the editor take the lists for granted. */
export function completeDocument(document: Partial<FlowDocument>): FlowDocument {
  return {
    ...document,
    name: typeof document.name === 'string' ? document.name : '',
    enabled: document.enabled === true,
    fields: Array.isArray(document.fields) ? document.fields : [],
    sources: Array.isArray(document.sources) ? document.sources : [],
    steps: Array.isArray(document.steps) ? document.steps : [],
  };
}

function listFaults({ errors, warnings }: { [Name in 'errors' | 'warnings']?: FlowDraft[Name] | null }): Fault[] {
  return [
    ...Object.entries(errors ?? {}).map(([path, message]) => ({ path, message, level: 'error' as const })),
    ...(warnings ?? []).map(({ path, message }) => ({ path, message, level: 'warning' as const })),
  ];
}
