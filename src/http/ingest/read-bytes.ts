import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { BodyShare } from './body-budget.ts';

/** Why a body was not read: longer than allowed, no room, it came too slowly, or it ended before it was whole. */
export type ReadFault = 'too_large' | 'crowded' | 'slow' | 'cut_off';

export interface ReadOptions {
  bytesMax: number;
  share: BodyShare;
  /** Calls back once after so many ms; what it returns calls it off. */
  startTimer(ms: number, onEnd: () => void): () => void;
}

/** A sender that sends nothing for so long has stalled. */
export const STALL_MS_MAX = 10_000;
/** A whole body takes at most so many of those. */
const STALLS_MAX = 5;
/** What a sender may still send after it was refused; then the connection ends. */
const DISCARDED_BYTES_MAX = 8 * 1024 * 1024;

/** Reads a body, counting each byte against the share as it arrives. What is refused is read no further. */
export function readBytes(req: IncomingMessage, options: ReadOptions): Promise<Result<Buffer, ReadFault>> {
  const { bytesMax, share, startTimer } = options;
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve(fail('too_large'));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let sizeSeen = 0;
    let stalls = 0;
    let callOff = startTimer(STALL_MS_MAX, onTimer);

    function end(result: Result<Buffer, ReadFault>): void {
      callOff();
      req.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
      resolve(result);
    }
    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > bytesMax) end(fail('too_large'));
      else if (share.grow(chunk.length)) chunks.push(chunk);
      else end(fail('crowded'));
    }
    function onEnd(): void {
      const [only] = chunks;
      end(ok(chunks.length === 1 && only ? only : Buffer.concat(chunks, size)));
    }
    function onCut(): void {
      end(fail('cut_off'));
    }
    function onTimer(): void {
      stalls += 1;
      if (size === sizeSeen || stalls >= STALLS_MAX) end(fail('slow'));
      else callOff = startTimer(STALL_MS_MAX, onTimer);
      sizeSeen = size;
    }
    req.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  });
}

/**
 * Lets the rest of a refused body pass, unread: a connection closed while the sender writes is reset, and the sender
 * never sees why. Ends when it is over or more than DISCARDED_BYTES_MAX.
 */
export function discardRest(req: IncomingMessage): Promise<void> {
  if (req.readableEnded || req.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = DISCARDED_BYTES_MAX;
    req.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) req.destroy();
    });
    req.once('end', resolve).once('close', resolve).on('error', resolve);
    req.resume();
  });
}
