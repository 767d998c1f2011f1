import type { Config } from '../config.ts';
import { type Finding, ok, warn } from './finding.ts';

type ProxySettings = Pick<Config, 'host' | 'publicUrl' | 'trustedProxies'>;

const LOOPBACK = /^(localhost|\[?::1\]?|127\.\d+\.\d+\.\d+)$/;
/** Networks that hold every address. */
const EVERYBODY = /\/0$/;

/** Whether what stands in front of the server fits the settings that say so, with what to do unless it does. */
export function checkProxy({ host, publicUrl, trustedProxies }: ProxySettings): Finding {
  const everybody = trustedProxies.find((network) => EVERYBODY.test(network));
  if (everybody !== undefined)
    return warn(
      `SLUICE_TRUSTED_PROXIES has ${everybody}, so every sender may claim any address: name the addresses of your proxies only.`,
    );
  if (publicUrl === null) return checkWithoutUrl({ host, trustedProxies });
  const { protocol, hostname } = new URL(publicUrl);
  if (LOOPBACK.test(hostname)) return ok(`People on this machine reach ${publicUrl}.`);
  if (protocol === 'http:')
    return warn(
      `Passwords and sessions travel to ${publicUrl} without TLS: put a proxy that speaks TLS in front, and set SLUICE_PUBLIC_URL to its https:// URL.`,
    );
  if (trustedProxies.length === 0)
    return warn(
      `What speaks TLS for ${publicUrl} is not in SLUICE_TRUSTED_PROXIES, so its address is that of every sender: add it.`,
    );
  return ok(`People reach ${publicUrl}; senders’ addresses come from ${trustedProxies.join(', ')}.`);
}

function checkWithoutUrl({ host, trustedProxies }: Omit<ProxySettings, 'publicUrl'>): Finding {
  if (trustedProxies.length > 0)
    return warn(
      'There is a proxy, and SLUICE_PUBLIC_URL is not set: set it to the https:// URL that people use, or their invitation links lead elsewhere and session cookies travel without TLS.',
    );
  if (LOOPBACK.test(host)) return ok(`There is no proxy; Sluice listens on ${host} for this machine alone.`);
  return warn(
    `Sluice listens on ${host} for other machines without TLS: put a proxy that speaks TLS in front, and set SLUICE_PUBLIC_URL and SLUICE_TRUSTED_PROXIES.`,
  );
}
