import type { ChannelService, ChannelSettings } from '../model/channel.ts';
import { isJsonObject } from './flow-json.ts';

/** Where a flow's firehose writes, by service. */
export interface FirehoseTarget {
  service: ChannelService;
  isEnabled: boolean;
  settings: ChannelSettings;
  /** In the document of the flow, for warnings: `firehose.services.aws`. */
  path: string;
}

/**
 * The targets of `firehose`, of both forms. The flat form is S3, and `services.aws` is taken in its place where both are
 * there. Each has its own `enabled`: that of the flat form says nothing of the services.
 */
export function listFirehoseTargets(firehose: unknown): FirehoseTarget[] {
  if (!isJsonObject(firehose)) return [];
  const services = isJsonObject(firehose['services']) ? firehose['services'] : {};
  const { aws, azure } = services;
  const targets: FirehoseTarget[] = [];
  if (isJsonObject(aws)) targets.push(readTarget(aws, { service: 'aws', path: 'firehose.services.aws' }));
  else if (isFlat(firehose)) targets.push(readTarget(firehose, { service: 'aws', path: 'firehose' }));
  if (isJsonObject(azure)) targets.push(readTarget(azure, { service: 'azure', path: 'firehose.services.azure' }));
  return targets;
}

/** Does it set up a bucket by itself, beside its services? */
export function isFlat(firehose: Readonly<Record<string, unknown>>): boolean {
  return ['bucket', 'credential_id'].some((name) => textOf(firehose[name]) !== '') || firehose['enabled'] === true;
}

function readTarget(
  given: Readonly<Record<string, unknown>>,
  { service, path }: Pick<FirehoseTarget, 'service' | 'path'>,
): FirehoseTarget {
  const settings = {
    bucket: textOf(given['bucket']),
    prefix: textOf(given['prefix']).replace(/^\/+|\/+$/g, ''),
    credentialId: textOf(given['credential_id']) || null,
    hasConnectionString: service === 'azure' && textOf(given['connection_string']) !== '',
  };
  return { service, path, settings, isEnabled: given['enabled'] === true };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** All names of events are as long as its. */
export const ANY_EVENT = { leadId: '0'.repeat(24), eventId: '0'.repeat(24) };

/** The name of the object of an event (spec behaviour 15). */
export function nameObject(
  { prefix }: Pick<ChannelSettings, 'prefix'>,
  event: { leadId: string; eventId: string },
): string {
  return [prefix, event.leadId, `${event.eventId}.json`].filter((part) => part !== '').join('/');
}
