/** Encodings that files of people have. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Turns the bytes of a file into text, piece by piece. */
export interface TextReader {
  /** The text of further bytes; a character that is not whole yet comes with the next ones. */
  push(bytes: Uint8Array): string;
  /** What is left. */
  end(): string;
  /** null: only ASCII so far, which reads the same in each of them but UTF-16. */
  encoding(): Encoding | null;
}

/** A byte order mark is two or three bytes; so many are looked at to tell UTF-16 without one. */
const HEAD_BYTES = 4;
const SNIFFED_BYTES = 1_024;
/** Of ASCII in UTF-16 every second byte is 0; of another text at least its digits, blanks and line ends are. */
const UTF16_ZEROS_MIN = 0.3;

/**
 * Reads text whose encoding nobody says: by its byte order mark, else UTF-16 by its zero bytes, else by the first bytes
 * that are no ASCII, which are valid UTF-8 or Windows-1252. What is invalid later becomes U+FFFD. The same bytes in other
 * pieces may be read differently only where a piece ends within the first character that is no ASCII.
 */
export function createTextReader(): TextReader {
  let head = new Uint8Array(0);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let encoding: Encoding | null = null;
  let hasBegun = false;

  const decode = (found: Encoding, bytes: Uint8Array): string => {
    encoding = found;
    // A byte order mark is left out by the decoder of its encoding.
    decoder = new TextDecoder(found);
    return decoder.decode(bytes, { stream: true });
  };

  function begin(bytes: Uint8Array): string {
    hasBegun = true;
    const marked = readMark(bytes) ?? sniffUtf16(bytes);
    return marked ? decode(marked, bytes) : readAscii(bytes);
  }

  function readAscii(bytes: Uint8Array): string {
    const first = bytes.findIndex((byte) => byte >= 0x80);
    if (first === -1) return ascii.decode(bytes);
    return decode(isUtf8(bytes.subarray(first)) ? 'utf-8' : 'windows-1252', bytes);
  }

  return {
    push: (bytes) => {
      if (decoder) return decoder.decode(bytes, { stream: true });
      if (hasBegun) return readAscii(bytes);
      const all = new Uint8Array(head.length + bytes.length);
      all.set(head);
      all.set(bytes, head.length);
      if (all.length >= HEAD_BYTES) return begin(all);
      head = all;
      return '';
    },
    end: () => (hasBegun ? (decoder?.decode() ?? '') : begin(head) + (decoder?.decode() ?? '')),
    encoding: () => encoding,
  };
}

const ascii = new TextDecoder('windows-1252');

function readMark([first, second, third]: Uint8Array): Encoding | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

function sniffUtf16(bytes: Uint8Array): Encoding | null {
  const looked = bytes.subarray(0, SNIFFED_BYTES);
  const zeros = [0, 0];
  looked.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros.map((count) => count / (looked.length / 2));
  if (odd >= UTF16_ZEROS_MIN && even < odd / 4) return 'utf-16le';
  return even >= UTF16_ZEROS_MIN && odd < even / 4 ? 'utf-16be' : null;
}

/** Up to a character that the end cuts off. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    // It throws for what is no UTF-8.
    return false;
  }
}
