import type { PutFault } from '../object-stores/object-store.ts';
import { type FirehoseDeps, type FirehosePlace, openFirehoseStore } from './open-firehose.ts';

/** What a look at one bucket came to. */
export interface Verification {
  place: FirehosePlace;
  /** The name of the file that was written; null: none was. */
  file: string | null;
  /** null: events can be written there. */
  fault: PutFault | null;
}

/**
 * Opens the bucket and writes a file, as events are written; without a file it asks for the bucket alone, which needs
 * another permission and does not show that writing is allowed (spec behaviour 15).
 */
export async function verifyFirehose(
  deps: FirehoseDeps,
  { place, writesFile }: { place: FirehosePlace; writesFile: boolean },
): Promise<Verification> {
  const store = await openFirehoseStore(deps, place);
  if (!store.ok) return { place, file: null, fault: store.error };
  if (!writesFile) {
    const asked = await store.value.checkBucket();
    return { place, file: null, fault: asked.kind === 'failed' ? asked.fault : null };
  }
  const name = nameVerificationFile(place, deps.clock.now());
  const body = new TextEncoder().encode(`Sluice can write here.\n`);
  const put = await store.value.putObject({ name, body, contentType: 'text/plain' });
  return put.kind === 'put' ? { place, file: name, fault: null } : { place, file: null, fault: put.fault };
}

/** `leadconduit_verification_[flow_id_]YYYYMMDDHHMMSSMS.txt`, below the prefix; the time in UTC. */
export function nameVerificationFile(
  { flowId, settings }: Pick<FirehosePlace, 'flowId' | 'settings'>,
  now: number,
): string {
  const time = new Date(now).toISOString().replace(/\D/g, '');
  const file = ['leadconduit_verification', ...(flowId === null ? [] : [flowId]), time].join('_');
  return settings.prefix === '' ? `${file}.txt` : `${settings.prefix}/${file}.txt`;
}
