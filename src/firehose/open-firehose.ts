import type { CredentialVault } from '../credentials/credential-store.ts';
import { describeMissing } from '../credentials/open-credential.ts';
import { ANY_EVENT, nameObject } from '../flows/read-firehose.ts';
import { findDots, findObjectNameProblem } from '../lib/object-name.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { ChannelService, ChannelSettings } from '../model/channel.ts';
import type { LiveCredential } from '../model/credential.ts';
import type { ObjectStore, PutFault } from '../object-stores/object-store.ts';
import { openObjectStore } from '../object-stores/open-object-store.ts';
import type { ObjectStoreDeps } from '../object-stores/s3-store.ts';
import type { Sink } from '../outbox/send-events.ts';

export interface FirehoseDeps extends ObjectStoreDeps {
  vault: Pick<CredentialVault, 'find' | 'noteUse'>;
  /** Of a flow; null: there is none, or it cannot be read. */
  readConnectionString(flow: { accountId: string; flowId: string }): Promise<string | null>;
  clock: { now(): number };
}

/** Where a firehose writes, or will. */
export interface FirehosePlace {
  accountId: string;
  /** null: of no flow yet. */
  flowId: string | null;
  service: ChannelService;
  settings: ChannelSettings;
}

/** The bucket of a firehose with what opens it now. A credential goes before a connection string. */
export async function openFirehoseStore(
  deps: FirehoseDeps,
  place: FirehosePlace,
): Promise<Result<ObjectStore, PutFault>> {
  const { accountId, service, settings } = place;
  const { bucket, credentialId } = settings;
  if (bucket === '') return fail({ kind: 'missing', reason: 'No bucket is given' });
  // Else each event would be refused and set aside by itself, and nothing would say that it is the setting.
  const problem = findDots(bucket) ?? findObjectNameProblem(nameObject(settings, ANY_EVENT));
  if (problem !== undefined) return fail({ kind: 'missing', reason: `What bucket and prefix name ${problem}` });
  let credential: LiveCredential | null = null;
  if (credentialId !== null) {
    const key = { accountId, credentialId };
    credential = await deps.vault.find(key);
    if (credential === null) return fail({ kind: 'auth', reason: describeMissing(credentialId) });
    await deps.vault.noteUse(key, deps.clock.now());
  }
  const connectionString = credential === null ? await findConnectionString(deps, place) : null;
  if (credential === null && settings.hasConnectionString && connectionString === null) {
    return fail({
      kind: 'auth',
      reason: 'The connection string of the flow is not stored, or cannot be read: save it again',
    });
  }
  const store = openObjectStore({ service, bucket, credential, connectionString }, deps);
  return store.ok ? store : fail({ kind: 'auth', reason: store.error });
}

async function findConnectionString(deps: FirehoseDeps, place: FirehosePlace): Promise<string | null> {
  const { accountId, flowId, settings } = place;
  return settings.hasConnectionString && flowId !== null ? deps.readConnectionString({ accountId, flowId }) : null;
}

/** The same as what sends events. */
export async function openFirehose(deps: FirehoseDeps, place: FirehosePlace): Promise<Result<Sink, PutFault>> {
  const store = await openFirehoseStore(deps, place);
  if (!store.ok) return store;
  return ok({
    send: ({ leadId, eventId, body }) =>
      store.value.putObject({
        name: nameObject(place.settings, { leadId, eventId }),
        body: Buffer.from(body),
        contentType: 'application/json',
      }),
  });
}
