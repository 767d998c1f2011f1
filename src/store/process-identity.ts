import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which process a pid means right now: a text that changes when the pid is recycled, undefined when no such process
 * lives. On Linux it is the boot id and the start tick (proc(5), field 22 of stat), so neither a recycled pid nor a
 * reboot nor a restarted container is mistaken for the process that wrote a lock.
 */
export function processIdentity(pid: number): string | undefined {
  if (process.platform !== 'linux') return psField(pid, 'lstart') || undefined;
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command name (field 2) may hold spaces and parentheses, so fields are counted from its last parenthesis.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  return `${bootId()}:${rest[18]}`;
}

/**
 * Within which a pid means the same process: only nodes with the same text can check whether the others live.
 * The host's name alone does not do: containers may share one and not their pids, and copies of a machine carry it on.
 */
export function processSpace(): string {
  if (process.platform !== 'linux') return hostname();
  return `${hostname()} ${bootId()} ${readlinkSync('/proc/self/ns/pid')}`;
}

/**
 * Is this live process a database server of that data directory? A postmaster and its children work in their data
 * directory; where the system does not show that, the directory is on the command line. undefined: it is ending. A
 * process that was killed has let go of its directory some time before it counts as gone.
 */
export function servesDirectory(pid: number, directory: string): boolean | undefined {
  if (process.platform !== 'linux') {
    const command = psField(pid, 'command');
    return command === '' ? undefined : command.includes(directory);
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch (error) {
    // Another user's, whose working directory is not ours to see, does not serve ours.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : false;
  }
}

function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown-boot';
}

function psField(pid: number, field: 'lstart' | 'command'): string {
  try {
    return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    // ps exits with 1 when there is no such process.
    return '';
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No such process, or it ended between the question and the answer.
    return undefined;
  }
}
