import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePostedRequest } from '../posted-request.ts';
import { literal } from './csharp.ts';
import { type Snippet, writeSnippets } from './snippet.ts';

const run = promisify(execFile);

/** Values that mean something in one language or another. */
const HOSTILE = [
  { name: 'quotes', value: `it's "quoted" and \`ticked\`` },
  { name: 'backslashes', value: 'C:\\new\\table\\' },
  { name: 'line ends', value: 'one\ntwo\r\nthree\ttabbed' },
  { name: 'dollars', value: ['$HOME $', '{x} $(id) #{1 + 1} %s {{y}}'].join('') },
  { name: 'unicode', value: 'Zoë 東京 😀 \u2028\u2029' },
  { name: 'markup', value: '</script> ?> <!-- &amp; -->' },
  { name: 'at', value: '@/etc/hostname' },
  { name: 'a[b]', value: '%41+%2B&=;' },
];

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

let server: Server;
let received: Received[] = [];
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-snippets-'));
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"outcome":"success"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** How each is run here; C# needs a compiler, and is compared below. */
const COMMANDS: Partial<Record<Snippet['id'], { command: string; file: string; probe: string[] }>> = {
  curl: { command: 'bash', file: 'lead.sh', probe: ['-c', 'command -v curl'] },
  javascript: { command: process.execPath, file: 'lead.mjs', probe: ['--version'] },
  php: { command: 'php', file: 'lead.php', probe: ['-r', 'exit(function_exists("curl_init") ? 0 : 1);'] },
  python: { command: 'python3', file: 'lead.py', probe: ['-c', 'import requests'] },
  ruby: { command: 'ruby', file: 'lead.rb', probe: ['--version'] },
};

async function isThere({ command, probe }: { command: string; probe: string[] }): Promise<boolean> {
  return run(command, probe).then(
    () => true,
    () => false,
  );
}

const FORMATS = ['form', 'json', 'xml', 'query'] as const;

describe.each(FORMATS)('the snippets of a lead as %s', (format) => {
  const written = () => {
    const { port } = server.address() as AddressInfo;
    const submitUrl = `http://127.0.0.1:${port}/flows/f/sources/s/submit`;
    const authorization = 'Basic YXBpOm15J2tleQ==';
    return writePostedRequest({ submitUrl, format, values: HOSTILE, accept: 'application/json', authorization })
      .request;
  };

  it.each(Object.entries(COMMANDS))('send exactly this request: %s', async (id, how) => {
    if (!(await isThere(how))) {
      // Continuous integration says so where it has installed all of them.
      expect(process.env['ALL_LANGUAGES'] === 'true' ? `${how.command} is missing` : '').toBe('');
      return;
    }
    const request = written();
    const snippet = writeSnippets(request).find((each) => each.id === id);
    const path = join(folder, `${format}-${how.file}`);
    await writeFile(path, `${snippet?.code}\n`);
    received = [];
    const { stdout } = await run(how.command, [path], { timeout: 60_000 });
    const headers = Object.fromEntries(request.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    expect(received).toMatchObject([{ method: request.method, headers, body: request.body ?? '' }]);
    const { pathname, search } = new URL(request.url);
    expect(received[0]?.url).toBe(pathname + search);
    expect(stdout.trim().split('\n')).toEqual(['{"outcome":"success"}', '201']);
  });

  it('have literals in C# that mean the same', () => {
    const request = written();
    const { code = '' } = writeSnippets(request).find(({ id }) => id === 'csharp') ?? {};
    const literals = [...code.matchAll(/"(?:[^"\\\n]|\\.)*"/g)].map(([text]) => readLiteral(text));
    expect(literals).toContain(request.url);
    if (request.body !== null) expect(literals).toContain(request.body);
    expect(code).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

/** A regular string literal of C# with the escapes that are used (ECMA-334, 6.4.5.6). */
function readLiteral(text: string): string {
  return text.slice(1, -1).replace(/\\(?:u([0-9a-f]{4})|(["\\nrt]))/g, (_, code: string | undefined, sign: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return { n: '\n', r: '\r', t: '\t' }[sign] ?? sign;
  });
}

it.each(HOSTILE)('a literal of C# with $name is plain ASCII and means the value', ({ value }) => {
  expect(literal(value)).toMatch(/^"[ -~]*"$/);
  expect(readLiteral(literal(value))).toBe(value);
});
