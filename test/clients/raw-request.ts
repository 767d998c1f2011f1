import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface RawAnswer {
  status: number;
  /** By lower-case name. */
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** Sends exactly these lines and this body, as a client that is not ours writes them, and reads the one answer. */
export function sendRaw(
  url: string,
  { lines, body = '' }: { lines: readonly string[]; body?: string },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      // Clients that keep the connection know the end by its length.
      const answer = readAnswer(Buffer.concat(chunks));
      if (answer === undefined) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error(`the answer was cut: ${Buffer.concat(chunks).toString('utf8')}`)));
  });
}

/** undefined: it is not whole yet. */
function readAnswer(bytes: Buffer): RawAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...rest] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map(
    rest.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.subarray(end + 4);
  const length = Number(headers.get('content-length') ?? 0);
  if (headers.get('transfer-encoding') !== undefined) throw new Error('the clients of this test read no chunks');
  if (body.length < length) return undefined;
  const whole = body.subarray(0, length);
  const read = headers.get('content-encoding') === 'gzip' ? gunzipSync(whole) : whole;
  return { status: Number(first.split(' ')[1]), headers, body: read.toString('utf8') };
}
