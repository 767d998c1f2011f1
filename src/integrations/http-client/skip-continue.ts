import type { Socket } from 'node:net';

const CONTINUE = Buffer.from('HTTP/1.1 100');
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * Takes `100 Continue` out of what a connection reads. Some servers say it without being asked, and every client has to
 * bear that (RFC 9110, 15.2), but undici ends the connection: a delivery that was taken would be an unknown one. Looks
 * only at the beginning of an answer; one that is cut in two by the network is left to undici.
 */
export function skipContinue(socket: Socket): void {
  const read = socket.read.bind(socket);
  /** Bytes written when the last answer began: with more, the next one has not begun. */
  let writtenBefore = -1;
  socket.read = (size) => {
    let chunk = read(size);
    if (!Buffer.isBuffer(chunk) || socket.bytesWritten === writtenBefore) return chunk;
    while (Buffer.isBuffer(chunk)) {
      const headEnd = beginsWithContinue(chunk) ? chunk.indexOf(HEAD_END) : -1;
      if (headEnd < 0) break;
      const rest: Buffer = chunk.subarray(headEnd + HEAD_END.length);
      chunk = rest.length > 0 ? rest : read();
    }
    if (chunk !== null) writtenBefore = socket.bytesWritten;
    return chunk;
  };
}

function beginsWithContinue(chunk: Buffer): boolean {
  // The last character first: it differs in nearly every answer.
  return chunk[CONTINUE.length - 1] === CONTINUE.at(-1) && chunk.subarray(0, CONTINUE.length).equals(CONTINUE);
}
