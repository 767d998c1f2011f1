import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';

const LOG = new URL('./log.ts', import.meta.url).href;
/** Writes lines in a process of its own, as a server does that comes to its end. */
const PROGRAM = `
  const { createLog } = await import(${JSON.stringify(LOG)});
  const log = createLog({ level: 'info', nodeName: 'n' });
  process.stdin.once('data', async () => {
    log.info({ lead_id: '1' }, 'first');
    await log.flush();
    log.info({ lead_id: '2' }, 'second');
    await log.flush();
    log.info({ lead_id: '3' }, 'third, which waits at the exit');
    process.exit(7);
  });
  process.stderr.write('ready');
`;

async function startProgram(stdout: 'pipe' | number): Promise<ChildProcess> {
  const args = ['--import', 'tsx', '--input-type=module', '-e', PROGRAM];
  const child = spawn(process.execPath, args, { stdio: ['pipe', stdout, 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stderr) await once(child.stderr, 'data');
  return child;
}

async function awaitExit(child: ChildProcess): Promise<number | null> {
  const exited = once(child, 'exit');
  child.stdin?.write('go');
  const [code] = await exited;
  return code;
}

describe('the log', () => {
  it('is written out by flush, and at the exit', async () => {
    const child = await startProgram('pipe');
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    expect(await awaitExit(child)).toBe(7);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).lead_id),
    ).toEqual(['1', '2', '3']);
  });

  it('neither stops nor hangs a process whose log has no reader any more', async () => {
    const child = await startProgram('pipe');
    child.stdout?.destroy();
    expect(await awaitExit(child)).toBe(7);
  });

  it.runIf(existsSync('/dev/full'))('neither stops nor hangs a process whose log is on a full disk', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    expect(await awaitExit(await startProgram(full))).toBe(7);
  });
});
