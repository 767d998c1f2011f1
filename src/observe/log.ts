import pino from 'pino';
import type { LogLevel } from '../config.ts';

/**
 * One line of JSON each on standard output; `fields` are ids, counts and times, never personal values or secrets.
 * Passed in to whoever has something to tell.
 */
export interface Log {
  error(fields: Record<string, unknown>, sentence: string): void;
  warn(fields: Record<string, unknown>, sentence: string): void;
  info(fields: Record<string, unknown>, sentence: string): void;
  debug(fields: Record<string, unknown>, sentence: string): void;
}

/** The log of a process. Lines are collected for a moment and written together; `flush` writes them out. */
export function createLog(options: { level: LogLevel; nodeName: string }): Log & { flush(): void } {
  const destination = pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  const logger = pino(
    {
      level: options.level,
      base: { node: options.nodeName },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  const timer = setInterval(() => destination.flush(), FLUSH_MS);
  timer.unref();
  return {
    error: (fields, sentence) => logger.error(fields, sentence),
    warn: (fields, sentence) => logger.warn(fields, sentence),
    info: (fields, sentence) => logger.info(fields, sentence),
    debug: (fields, sentence) => logger.debug(fields, sentence),
    flush: () => destination.flushSync(),
  };
}

/** A line a lead at 4 000 leads a second: writing each by itself costs more than making it. */
const BUFFER_BYTES = 8_192;
const FLUSH_MS = 200;
