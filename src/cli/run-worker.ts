import { startServer } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { assert } from '../lib/assert.ts';
import { createLog } from '../observe/log.ts';
import type { RunningServer } from '../server/server-options.ts';
import { withDemoRecipient } from './demo.ts';
import { nodeName } from './node-name.ts';
import { sentenceOfListenError } from './port-holder.ts';
import { ignoreStopSignals } from './stop-signal.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The life of a worker: waits for what the primary knows, serves, drains on request or when the primary is gone. */
export function runWorker(): void {
  ignoreStopSignals();
  const loaded = loadConfig(process.env);
  assert(loaded.ok, 'the primary has accepted the same settings');
  const log = createLog({ level: loaded.value.logLevel, nodeName: nodeName() });
  let server: RunningServer | undefined;

  async function start(message: Extract<ToWorker, { kind: 'start' }>): Promise<FromWorker> {
    assert(loaded.ok, 'asserted above');
    const config = message.isDemo ? withDemoRecipient(loaded.value) : loaded.value;
    const { database, secretKeyHex } = message;
    try {
      server = await startServer({
        config,
        database,
        secretKey: Buffer.from(secretKeyHex, 'hex'),
        nodeName: nodeName(),
        log,
      });
      await server.warmed;
      return { kind: 'ready', url: server.url };
    } catch (error) {
      return { kind: 'refused', sentence: await sentenceOfListenError(error, config) };
    }
  }

  let isEnding = false;
  async function end(): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    await server?.stop();
    await log.flush();
    process.exit(0);
  }

  const post = (message: FromWorker) => process.send?.(message);
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'drain') void end();
    else void start(message).then(post);
  });
  process.on('disconnect', () => void end());
  post({ kind: 'reading' });
}
