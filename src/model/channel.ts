/** What events are copied to. */
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

/** The channel of a flow's firehose. */
export function nameChannel(flowId: string, service: ChannelService): string {
  return `${flowId}.${service}`;
}
