import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestSftpServer, type SftpFault, type TestSftpServer } from '../../test/harness/sftp-server.ts';
import { parseAllowedNetwork } from '../integrations/forbidden-address.ts';
import { startTimer } from '../server/start-timer.ts';
import { type SftpLogin, tryLogin, uploadFile } from './upload-file.ts';

const LOCAL = parseAllowedNetwork('127.0.0.1/32');
const deps = { allowedNetworks: LOCAL.ok ? [LOCAL.value] : [], startTimer };

let server: TestSftpServer;
beforeEach(async () => {
  server = await openTestSftpServer();
});
afterEach(() => server.close());

const FILE = { folder: '/in', name: 'leads.csv', content: Buffer.from('a,b\r\n') };

function login(parts: Partial<SftpLogin> = {}): SftpLogin {
  const { port, username, password } = server;
  return { host: '127.0.0.1', port, username, password, ...parts };
}

function upload(
  parts: Partial<SftpLogin> = {},
  { timeoutMs = 20_000, signal = new AbortController().signal, file = FILE } = {},
) {
  return uploadFile(login(parts), file, { timeoutMs, signal, deps });
}

describe('a file to an SFTP server', () => {
  it('arrives whole, under a temporary name first', async () => {
    const content = Buffer.alloc(700_000, 'row,of,values\r\n');
    expect(await upload({}, { file: { ...FILE, content } })).toEqual({ kind: 'done', fingerprint: server.fingerprint });
    expect(server.opened).toEqual(['/in/.leads.csv.part']);
    expect([...server.files.keys()]).toEqual(['/in/leads.csv']);
    expect(server.files.get('/in/leads.csv')?.equals(content)).toBe(true);
  });

  it.each([true, false])('replaces itself when it is sent again (with the extension of OpenSSH: %s)', async (has) => {
    server.hasPosixRename = has;
    await upload();
    expect(await upload()).toMatchObject({ kind: 'done' });
    expect([...server.files]).toEqual([['/in/leads.csv', FILE.content]]);
  });

  it('is sent with a key', async () => {
    const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
    server.keys.push(publicKey.split(' ')[1] ?? '');
    expect(await upload({ password: undefined, privateKey })).toMatchObject({ kind: 'done' });
  });

  it('goes to a server whose key has the fingerprint', async () => {
    expect(await upload({ hostKey: server.fingerprint })).toMatchObject({ kind: 'done' });
    expect(await upload({ hostKey: 'SHA256:0000' })).toEqual({
      kind: 'failed',
      reason: '127.0.0.1 has another host key than the credential says',
      fingerprint: server.fingerprint,
    });
    expect(server.logins).toBe(1);
  });

  it.each<[fault: SftpFault, reason: string]>([
    ['auth', '127.0.0.1 refused the user name, the password or the key'],
    ['full', '127.0.0.1 has no space left'],
    ['denied', '127.0.0.1 does not let the user write into the folder'],
    ['no-folder', '127.0.0.1 has no such folder'],
    ['slow', '127.0.0.1 did not answer in time'],
    ['hangs-up', '127.0.0.1 ended the connection'],
  ])('%s: says why it did not arrive', async (fault, reason) => {
    server.fault = fault;
    const timeoutMs = fault === 'slow' ? 1_500 : 20_000;
    expect(await upload({}, { timeoutMs })).toMatchObject({ kind: 'failed', reason });
    expect(server.files.has('/in/leads.csv')).toBe(false);
  });

  it('refused: says so', async () => {
    await server.close();
    expect(await upload()).toMatchObject({ kind: 'failed', reason: '127.0.0.1 refused the connection' });
    server = await openTestSftpServer();
  });

  it('goes to no private address unless the operator allows it', async () => {
    const end = await uploadFile(login(), FILE, {
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      deps: { ...deps, allowedNetworks: [] },
    });
    expect(end).toMatchObject({ reason: '127.0.0.1 has no public address, and private ones are not allowed' });
    expect(server.logins).toBe(0);
  });

  it('to something that is not SSH', async () => {
    const other = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo; // a TCP server has a port
    expect(await upload({ port })).toMatchObject({ kind: 'failed', reason: '127.0.0.1 does not speak SFTP' });
    await new Promise((resolve) => other.close(resolve));
  });

  it('a key that cannot be read', async () => {
    const end = await upload({ password: undefined, privateKey: 'not a key' });
    expect(end).toMatchObject({ kind: 'failed', reason: 'The private key of the credential cannot be read' });
  });

  it('ends at once when the server stops', async () => {
    server.fault = 'slow';
    const stopping = new AbortController();
    const ending = upload({}, { signal: stopping.signal });
    setTimeout(() => stopping.abort(), 300);
    expect(await ending).toMatchObject({ kind: 'failed', reason: 'the server is stopping' });
  });

  it('a login is tried without a file', async () => {
    const bounds = { timeoutMs: 10_000, signal: new AbortController().signal, deps };
    expect(await tryLogin(login(), bounds)).toEqual({ kind: 'done', fingerprint: server.fingerprint });
    expect(await tryLogin(login({ password: 'wrong' }), bounds)).toMatchObject({ kind: 'failed' });
    expect(server.opened).toEqual([]);
  });
});
