import type { MailServer } from './mail-message.ts';

const SCHEMES: Readonly<Record<string, { security: MailServer['security']; port: number }>> = {
  'smtp:': { security: 'starttls', port: 587 },
  'smtps:': { security: 'tls', port: 465 },
};

/**
 * A mail server as a URL: `smtp://user:password@host:587` (STARTTLS), `smtps://…` (TLS from the first byte), and
 * `smtp://…?encryption=none`. undefined: it is none.
 */
export function parseMailServerUrl(text: string): MailServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const scheme = SCHEMES[url.protocol];
  const isPlain = url.search === '?encryption=none' && url.protocol === 'smtp:';
  const isWhole = url.hash === '' && (url.search === '' || isPlain) && /^\/?$/.test(url.pathname);
  if (!scheme || !isWhole || url.hostname === '') return undefined;
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || scheme.port,
      security: isPlain ? 'none' : scheme.security,
      ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
      ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    };
  } catch {
    // Of a percent sign that begins no code.
    return undefined;
  }
}

/** As events show where a message went: without the user and the password. */
export function formatMailServerUrl({ host, port, security }: MailServer): string {
  const scheme = security === 'tls' ? 'smtps' : 'smtp';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
