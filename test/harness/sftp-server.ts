import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

/** What an SFTP server does instead of taking a file. `slow`: opens it and never answers. */
export type SftpFault = 'none' | 'auth' | 'slow' | 'full' | 'denied' | 'no-folder' | 'hangs-up';

/** An SFTP server on a port of its own that keeps files in memory. */
export interface TestSftpServer {
  port: number;
  username: string;
  password: string;
  /** Of its host key, `SHA256:…`. */
  fingerprint: string;
  /** By path. */
  files: Map<string, Buffer>;
  /** Every path that was opened for writing, in order. */
  opened: string[];
  /** Signatures of keys that log in, as `ssh2.utils.parseKey` reads them. */
  keys: string[];
  fault: SftpFault;
  /** Does it know the extension by which OpenSSH replaces a file? */
  hasPosixRename: boolean;
  logins: number;
  close(): Promise<void>;
}

export async function openTestSftpServer(): Promise<TestSftpServer> {
  // Not ed25519: of 400 such keys that ssh2 makes, it cannot read one.
  const hostKey = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const connections = new Set<ssh2.Connection>();
  const state = {
    username: 'acme',
    password: 'correct horse',
    files: new Map<string, Buffer>(),
    opened: [] as string[],
    keys: [] as string[],
    fault: 'none' as SftpFault,
    hasPosixRename: true,
    logins: 0,
  };
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    // A client that cuts the connection is a case of a test.
    connection.on('error', () => undefined);
    connection.on('authentication', (auth) => {
      const mayEnter =
        state.fault !== 'auth' &&
        auth.username === state.username &&
        ((auth.method === 'password' && auth.password === state.password) ||
          (auth.method === 'publickey' && state.keys.includes(auth.key.data.toString('base64'))));
      if (mayEnter) auth.accept();
      else auth.reject(['password', 'publickey']);
    });
    connection.on('ready', () => {
      state.logins += 1;
      connection.on('session', (accept) => {
        accept().on('sftp', (acceptSftp) => serve(acceptSftp(), state, connection));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  const parsed = ssh2.utils.parseKey(hostKey.private);
  if (parsed instanceof Error) throw parsed;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  const digest = createHash('sha256').update(key.getPublicSSH()).digest('base64');
  return Object.assign(state, {
    port,
    fingerprint: `SHA256:${digest.replace(/=+$/, '')}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.end();
      }),
  });
}

type State = Pick<TestSftpServer, 'files' | 'opened' | 'fault' | 'hasPosixRename'>;

function serve(sftp: ssh2.SFTPWrapper, state: State, connection: ssh2.Connection): void {
  const handles = new Map<number, { path: string; content: Buffer }>();
  let next = 0;
  const pathOf = (handle: Buffer) => handles.get(handle.readUInt32BE(0));
  sftp.on('REALPATH', (id, path) => {
    const attrs = {} as ssh2.Attributes; // no client of ours looks at them
    sftp.name(id, [{ filename: path === '.' ? '/srv/acme' : path, longname: '', attrs }]);
  });
  sftp.on('STAT', (id, path) => stat(id, path));
  sftp.on('LSTAT', (id, path) => stat(id, path));
  function stat(id: number, path: string): void {
    const content = state.files.get(path);
    if (!content) return void sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    sftp.attrs(id, { mode: 0o100644, uid: 0, gid: 0, size: content.length, atime: 0, mtime: 0 });
  }
  sftp.on('OPEN', (id, path, flags) => {
    if (state.fault === 'slow') return;
    if (state.fault === 'hangs-up') return void connection.end();
    if (state.fault === 'denied') return void sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
    if (state.fault === 'no-folder') return void sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    if (flags & OPEN_MODE.WRITE) state.opened.push(path);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(next, 0);
    handles.set(next, { path, content: Buffer.alloc(0) });
    next += 1;
    sftp.handle(id, handle);
  });
  sftp.on('FSTAT', (id) => sftp.attrs(id, { mode: 0o100644, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 }));
  sftp.on('WRITE', (id, handle, offset, bytes) => {
    const open = pathOf(handle);
    if (!open) return void sftp.status(id, STATUS_CODE.FAILURE);
    if (state.fault === 'full') return void sftp.status(id, STATUS_CODE.FAILURE, 'No space left on device');
    const content = Buffer.alloc(Math.max(open.content.length, offset + bytes.length));
    open.content.copy(content);
    bytes.copy(content, offset);
    open.content = content;
    sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on('CLOSE', (id, handle) => {
    const open = pathOf(handle);
    if (open && state.fault !== 'full') state.files.set(open.path, open.content);
    sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on('REMOVE', (id, path) =>
    sftp.status(id, state.files.delete(path) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE),
  );
  sftp.on('RENAME', (id, from, to) => {
    if (state.files.has(to)) return void sftp.status(id, STATUS_CODE.FAILURE);
    move(id, from, to);
  });
  sftp.on('EXTENDED', (id, name, data) => {
    if (name !== 'posix-rename@openssh.com' || !state.hasPosixRename) {
      return void sftp.status(id, STATUS_CODE.OP_UNSUPPORTED);
    }
    const fromLength = data.readUInt32BE(0);
    const from = data.subarray(4, 4 + fromLength).toString();
    move(id, from, data.subarray(8 + fromLength).toString());
  });
  function move(id: number, from: string, to: string): void {
    const content = state.files.get(from);
    if (!content) return void sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    state.files.delete(from);
    state.files.set(to, content);
    sftp.status(id, STATUS_CODE.OK);
  }
}
