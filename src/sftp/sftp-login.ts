import { fail, ok, type Result } from '../lib/result.ts';
import type { SftpLogin } from './upload-file.ts';

const PORT_DEFAULT = 22;

/** What a stored credential says of an SFTP server; the error says why it is none. */
export function readSftpLogin(vars: Readonly<Record<string, unknown>>): Result<SftpLogin, string> {
  const { host, port, username } = vars;
  if (vars['type'] !== 'sftp' || typeof host !== 'string' || typeof username !== 'string')
    return fail('the credential is not an SFTP server (sftp)');
  const login = {
    host,
    username,
    port: Number(port) || PORT_DEFAULT,
    password: textOf(vars['password']),
    privateKey: textOf(vars['private_key']),
    passphrase: textOf(vars['passphrase']),
    hostKey: textOf(vars['host_key']),
  };
  if (login.password === undefined && login.privateKey === undefined)
    return fail('the credential has neither a password nor a private key');
  return ok(login);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
