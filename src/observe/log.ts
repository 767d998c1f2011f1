import pino from 'pino';
import type { LogLevel } from '../config.ts';

/**
 * One line of JSON each on standard output; `fields` are ids, counts and times, never personal values or secrets.
 * Passed in to the code that logs.
 */
export interface Log {
  error(fields: Record<string, unknown>, sentence: string): void;
  warn(fields: Record<string, unknown>, sentence: string): void;
  info(fields: Record<string, unknown>, sentence: string): void;
  debug(fields: Record<string, unknown>, sentence: string): void;
}

/**
 * The log of a process. Lines are collected for a moment and written together; `flush` writes them out. A log that
 * cannot be written, because its reader is gone or its disk full, loses lines and blocks nothing.
 */
export function createLog(options: { level: LogLevel; nodeName: string }): Log & { flush(): Promise<void> } {
  let waiting = '';
  const pass = () => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') destination.write(lines);
  };
  // Before the library's own handler, which writes out what the destination has.
  process.prependListener('exit', pass);
  const destination = pino.destination({
    dest: 1,
    sync: false,
    minLength: BUFFER_BYTES,
    maxWrite: WRITE_BYTES_MAX,
    maxLength: WAITING_BYTES_MAX,
  });
  destination.on('error', () => {
    // The library calls it at the exit of the process and then tries again for as long as writing fails.
    destination.flushSync = () => undefined;
  });
  const logger = pino(
    {
      level: options.level,
      base: { node: options.nodeName },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    {
      // The library's own buffer copies and counts all that waits with each line: 8 µs of CPU a line in place of 3.
      write: (line) => {
        waiting += line;
        if (waiting.length >= BUFFER_CHARACTERS) pass();
      },
    },
  );
  const flush = (done?: () => void) => {
    pass();
    destination.flush(done);
  };
  const timer = setInterval(flush, FLUSH_MS);
  timer.unref();
  return {
    error: (fields, sentence) => logger.error(fields, sentence),
    warn: (fields, sentence) => logger.warn(fields, sentence),
    info: (fields, sentence) => logger.info(fields, sentence),
    debug: (fields, sentence) => logger.debug(fields, sentence),
    flush: () => new Promise((resolve) => flush(resolve)),
  };
}

/**
 * A line a lead at 4 000 leads a second: writing each by itself costs more than making it. Each write wakes a thread, so
 * they are few; no line waits for longer than FLUSH_MS.
 */
const BUFFER_CHARACTERS = 64 * 1_024;
/** What is passed on is written at once: it has as many bytes as characters, or more. */
const BUFFER_BYTES = BUFFER_CHARACTERS;
/** Of one write; the library wants it larger than the buffer. */
const WRITE_BYTES_MAX = 2 * BUFFER_BYTES;
/** Lines that wait for a slow or broken log; past it they are dropped. */
const WAITING_BYTES_MAX = 4 * 1_024 * 1_024;
const FLUSH_MS = 200;
