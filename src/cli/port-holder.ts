import { get } from 'node:http';
import { createServer, isIPv6 } from 'node:net';

const ASK_MS_MAX = 2_000;
const ANSWER_BYTES_MAX = 65_536;

interface Place {
  host: string;
  port: number;
}

/** Tries to listen and lets go again; the sentence that says why it cannot be done, undefined when it can. */
export async function whyPortIsTaken(place: Place): Promise<string | undefined> {
  const error = await new Promise<unknown>((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(place.port, place.host, () => probe.close(() => resolve(undefined)));
  });
  return error === undefined ? undefined : sentenceOfListenError(error, place);
}

/** Why a server cannot listen, and who holds the port. Throws what is no listen error. */
export async function sentenceOfListenError(error: unknown, place: Place): Promise<string> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${place.port} is used by ${await findHolder(place)}: stop it or set SLUICE_PORT to a free one.`;
    case 'EACCES':
      return `This user may not listen on port ${place.port}: set SLUICE_PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `SLUICE_HOST ${place.host} is not an address of this machine.`;
    default:
      throw error;
  }
}

/** The address to be used for a request from this machine. */
export function writeUrl({ host, port }: Place): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}

async function findHolder(place: Place): Promise<string> {
  const status = await askStatus(`${writeUrl(place)}/status`);
  if (status === undefined) return 'another program';
  return typeof status['pid'] === 'number' ? `a Sluice that already runs (pid ${status['pid']})` : 'another Sluice';
}

/** The answer of a Sluice; undefined when it is anything else. */
function askStatus(url: string): Promise<Record<string, unknown> | undefined> {
  return new Promise((resolve) => {
    const req = get(url, { timeout: ASK_MS_MAX, headers: { Accept: 'application/json' } }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > ANSWER_BYTES_MAX) req.destroy();
      });
      res.on('end', () => resolve(sluiceStatus(text)));
      res.on('error', () => resolve(undefined));
    });
    req.on('timeout', () => req.destroy());
    req.on('error', () => resolve(undefined));
    req.on('close', () => resolve(undefined));
  });
}

function sluiceStatus(text: string): Record<string, unknown> | undefined {
  try {
    const status = JSON.parse(text) as Record<string, unknown> | null; // an edge: anybody may have answered
    return status !== null && typeof status === 'object' && status['product'] === 'sluice' ? status : undefined;
  } catch {
    // Not JSON, so not a Sluice.
    return undefined;
  }
}
