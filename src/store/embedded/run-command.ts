import { execFile } from 'node:child_process';

/** An account of the operating system that programs run under; absent where one is asked for: the process's own. */
export interface OsAccount {
  name: string;
  uid: number;
  gid: number;
}

/** How long initdb and the small probes may take; initdb needs 0.5 s on two cores and some seconds on a slow disk. */
const COMMAND_MS_MAX = 120_000;
const OUTPUT_BYTES_MAX = 1_000_000;

export interface CommandOutcome {
  /** 0 when it did what it was asked. */
  exitCode: number;
  /** What it wrote to both of its outputs. */
  output: string;
}

/**
 * Runs a program to its end. The working directory is `/` because an account we drop to may not see ours, and the
 * environment is small because ours holds secrets.
 */
export function runCommand(options: { file: string; args: string[]; account?: OsAccount }): Promise<CommandOutcome> {
  const { file, args, account } = options;
  return new Promise((resolve) => {
    const settings = {
      cwd: '/',
      env: serverEnvironment(),
      timeout: COMMAND_MS_MAX,
      maxBuffer: OUTPUT_BYTES_MAX,
      ...(account && { uid: account.uid, gid: account.gid }),
    };
    execFile(file, args, settings, (error, stdout, stderr) => {
      if (!error) return resolve({ exitCode: 0, output: stdout + stderr });
      const exitCode = typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, output: `${stdout}${stderr}${exitCode === -1 ? error.message : ''}` });
    });
  });
}

/** The environment of the database server and its tools. */
export function serverEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
