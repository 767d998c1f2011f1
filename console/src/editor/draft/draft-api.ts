import { SluiceError } from '../../../../client/src/client.ts';
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
    const { body } = await api.request('GET', pathOf(flowId));
    return parseDraft(body as WireDraft); // the shape that the API has written
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
      await api.request('DELETE', pathOf(flowId), { query: { version } });
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
    const { body } = await (isLeaving ? apiOnLeaving : api).request('PUT', pathOf(flowId), {
      body: { document, base_revision: baseRevision, version },
    });
    return { kind: 'saved', draft: parseDraft(body as WireDraft) };
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

const pathOf = (flowId: string) => `/flows/${encodeURIComponent(flowId)}/draft`;

/** `GET /flows/{id}/draft`. */
interface WireDraft {
  version: number;
  base_revision: number;
  document: FlowDocument;
  errors: Record<string, string> | null;
  warnings: { path: string; message: string }[] | null;
  changes: { sentences: string[]; changes: { path: string }[]; more: number };
  saved_revision: number;
  deployed_revision: number | null;
  updated_at: string;
  user: { name?: string | null; email?: string | null } | null;
}

function parseDraft(draft: WireDraft): ServerDraft {
  return {
    document: completeDocument(draft.document),
    version: draft.version,
    baseRevision: draft.base_revision,
    savedRevision: draft.saved_revision,
    deployedRevision: draft.deployed_revision,
    faults: listFaults(draft.errors, draft.warnings),
    changes: draft.changes.changes,
    sentences: draft.changes.sentences,
    more: draft.changes.more,
    updatedAt: draft.updated_at,
    user: draft.user?.name ?? null,
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
    faults: listFaults(flow['errors'] as WireDraft['errors'], flow['warnings'] as WireDraft['warnings']), // as SavedFlow has them
    ...{ changes: [], sentences: [], more: 0, updatedAt: null, user: null },
  };
}

/** A draft may lack any part; the parts of the editor take the lists for granted. */
function completeDocument(document: Partial<FlowDocument>): FlowDocument {
  return {
    ...document,
    name: typeof document.name === 'string' ? document.name : '',
    enabled: document.enabled === true,
    fields: Array.isArray(document.fields) ? document.fields : [],
    sources: Array.isArray(document.sources) ? document.sources : [],
    steps: Array.isArray(document.steps) ? document.steps : [],
  };
}

function listFaults(errors: WireDraft['errors'] | undefined, warnings: WireDraft['warnings'] | undefined): Fault[] {
  return [
    ...Object.entries(errors ?? {}).map(([path, message]) => ({ path, message, level: 'error' as const })),
    ...(warnings ?? []).map(({ path, message }) => ({ path, message, level: 'warning' as const })),
  ];
}
