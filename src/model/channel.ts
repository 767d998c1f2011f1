import type { EventType } from './event.ts';

/** The stores that firehoses copy events to. */
export const CHANNEL_SERVICES = ['aws', 'azure'] as const;
export type ChannelService = (typeof CHANNEL_SERVICES)[number];

/** Where a channel of a firehose writes; what of it is secret is a credential, or sealed beside the flow. */
export interface ChannelSettings {
  bucket: string;
  /** Without slashes at its ends; '': none. */
  prefix: string;
  /** null: the connection string of the flow, or nothing. */
  credentialId: string | null;
  hasConnectionString: boolean;
}

/** Where a webhook posts, and which events; its flows and its secret are beside it. */
export interface WebhookSettings {
  name: string;
  url: string;
  /** Empty: of every type. */
  types: readonly EventType[];
  /** Empty: of every outcome. */
  outcomes: readonly string[];
}

export interface BucketTarget {
  service: ChannelService;
  flowId: string;
  settings: ChannelSettings;
}

export interface WebhookTarget {
  service: 'webhook';
  /** It may be of several flows. */
  flowId: null;
  settings: WebhookSettings;
}

/** What events are sent to. */
export type ChannelTarget = BucketTarget | WebhookTarget;

/** The channel of a flow's firehose. */
export function nameChannel(flowId: string, service: ChannelService): string {
  return `${flowId}.${service}`;
}
