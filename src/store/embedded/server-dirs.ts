import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import type { OsAccount } from './run-command.ts';

/**
 * Makes a directory that only the account may enter; absent account: this process's own. false: there is something
 * else of that name, which must not be used: below /tmp anybody could have put it there.
 */
export function makePrivateDir(path: string, account?: OsAccount): boolean {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (account) chownSync(path, account.uid, account.gid);
    return true;
  }
  const { mode, uid } = there;
  const isDirectory = (mode & 0o170_000) === 0o040_000;
  const isPrivate = (mode & 0o777) === 0o700;
  const owner = account ? account.uid : process.getuid?.();
  // mkdtemp, and a start that was cut short, leave one that is still this process's.
  if (isDirectory && isPrivate && account && uid === process.getuid?.()) chownSync(path, account.uid, account.gid);
  return isDirectory && isPrivate && (uid === owner || uid === process.getuid?.());
}

/** Makes a directory that every account may enter, whatever this process's umask says. */
export function makeEnterableDir(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}
