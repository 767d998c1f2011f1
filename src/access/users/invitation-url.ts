/** Where a server is reached. */
export interface ServerPlace {
  /** As in `https://leads.example.com`; null: by host and port. */
  publicUrl: string | null;
  host: string;
  port: number;
}

/** Addresses that mean every address of the machine. */
const EVERYWHERE = ['0.0.0.0', '::'];

/** Where people reach a server: its public URL, else its host and port. */
export function buildOrigin({ publicUrl, host, port }: ServerPlace): string {
  const name = EVERYWHERE.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return publicUrl ?? `http://${name}:${port}`;
}

/**
 * The link of an invitation, as a person opens it. The token comes after `#`, which browsers send to no server, so it
 * is in no log.
 */
export function buildInvitationUrl(place: ServerPlace, token: string): string {
  return `${buildOrigin(place)}/app/invitation#${token}`;
}

/** The link of a welcome, in the same way. `origin` as `buildOrigin` returns it. */
export function buildWelcomeUrl(origin: string, token: string): string {
  return `${origin}/app/welcome#${token}`;
}
