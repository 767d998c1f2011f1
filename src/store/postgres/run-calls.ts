import type pg from 'pg';

/*
 * Several prepared statements sent in one packet with one Sync behind them (PostgreSQL manual, 54.2.3 and 54.2.4).
 * Why not a query of the driver for each: each has a Sync of its own, which the server answers with a packet of its own.
 * A settlement of one lead woke both processes nine times instead of once (decision page 0068).
 */

/** One run of a statement that has a name on its connection. */
export interface Call {
  statement: { name: string; text: string };
  /** Arrays of PostgreSQL's binary format, and texts and numbers as text. */
  values: readonly unknown[];
}

/** The statements that each connection has prepared, by name, with the columns of their rows. */
const PREPARED = new WeakMap<pg.Client, Map<string, Column[]>>();

interface Column {
  field: pg.FieldDef;
  /** From the text format. */
  parse: (text: string) => unknown;
}

/**
 * Runs the calls in order and answers the rows of each. Statements that the connection does not have yet are prepared on
 * the way. Rejects with the first error; the server skips the calls after it, and leaves an open transaction failed.
 */
export function runCalls(client: pg.Client, calls: readonly Call[]): Promise<pg.QueryResult[]> {
  const prepared = PREPARED.get(client) ?? new Map<string, Column[]>();
  PREPARED.set(client, prepared);
  return new Promise((resolve, reject) => {
    const bytes = writeCalls(calls, prepared);
    const results: pg.QueryResult[] = [];
    const fresh = new Map<string, Column[]>();
    /** Of the call that is being answered; undefined: they have not been asked for. */
    let columns: Column[] | undefined;
    let rows: Record<string, unknown>[] = [];
    let fault: unknown = null;
    const columnsOfCall = () => columns ?? prepared.get(calls[results.length]?.statement.name ?? '') ?? [];
    const query: SubmittedCalls = {
      callback: (error) => {
        if (error !== null) return reject(error);
        for (const [name, read] of fresh) prepared.set(name, read);
        resolve(results);
      },
      submit: ({ stream }) => {
        // As the driver does: a stream that has ended reports it by itself.
        if (stream.writable) stream.write(bytes);
      },
      handleRowDescription: ({ fields }) => {
        columns = fields.map((field) => ({ field, parse: client.getTypeParser(field.dataTypeID, 'text') }));
      },
      handleDataRow: ({ fields }) => {
        try {
          rows.push(readRow(columnsOfCall(), fields));
        } catch (error) {
          // The rest of the answer must still be read.
          fault ??= error;
        }
      },
      handleCommandComplete: ({ text }) => {
        const read = columnsOfCall();
        const name = calls[results.length]?.statement.name;
        if (name !== undefined && !prepared.has(name)) fresh.set(name, read);
        const { command, rowCount } = readTag(text);
        results.push({ command, rowCount, oid: 0, fields: read.map(({ field }) => field), rows });
        columns = undefined;
        rows = [];
      },
      handleError: (error) => query.callback(error),
      handleReadyForQuery: () => query.callback(fault),
    };
    client.query(query);
  });
}

/** What the driver calls of a query of our own. It replaces the callback to watch how long an answer takes. */
interface SubmittedCalls extends pg.Submittable {
  callback(error: unknown): void;
  handleRowDescription(message: { fields: pg.FieldDef[] }): void;
  handleDataRow(message: { fields: (string | null)[] }): void;
  handleCommandComplete(message: { text: string }): void;
  handleError(error: unknown): void;
  handleReadyForQuery(): void;
}

function readRow(columns: readonly Column[], texts: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [index, { field, parse }] of columns.entries()) {
    const text = texts[index];
    row[field.name] = text === null || text === undefined ? null : parse(text);
  }
  return row;
}

/** `INSERT 0 5`, `UPDATE 5`, `COMMIT`: the command, and the rows where it has a number of them. */
function readTag(tag: string): { command: string; rowCount: number | null } {
  const words = tag.split(' ');
  return { command: words[0] ?? '', rowCount: words.length > 1 ? Number(words.at(-1)) : null };
}

/** The messages of all calls and the Sync, in one buffer. */
function writeCalls(calls: readonly Call[], prepared: ReadonlyMap<string, unknown>): Buffer {
  const messages = new MessageWriter(calls.reduce((sum, call) => sum + boundOf(call), SYNC_BYTES));
  const isFresh = new Set<string>();
  for (const { statement, values } of calls) {
    const { name, text } = statement;
    const isUnknown = !prepared.has(name);
    if (isUnknown && !isFresh.has(name)) {
      isFresh.add(name);
      // After a failed attempt the connection may have it or not; closing what it does not have is no error.
      messages.begin(CLOSE).byte(STATEMENT).cstring(name).end();
      messages.begin(PARSE).cstring(name).cstring(text).int16(0).end();
    }
    bind(messages, name, values);
    if (isUnknown) messages.begin(DESCRIBE).byte(PORTAL).cstring('').end();
    messages.begin(EXECUTE).cstring('').int32(0).end();
  }
  return messages.begin(SYNC).end().bytes();
}

const BIND = 0x42;
const CLOSE = 0x43;
const DESCRIBE = 0x44;
const EXECUTE = 0x45;
const PARSE = 0x50;
const SYNC = 0x53;
const PORTAL = 0x50;
const STATEMENT = 0x53;
const TEXT_FORMAT = 0;
const BINARY_FORMAT = 1;

function bind(messages: MessageWriter, name: string, values: readonly unknown[]): void {
  messages.begin(BIND).cstring('').cstring(name);
  messages.int16(values.length);
  for (const value of values) messages.int16(value instanceof Buffer ? BINARY_FORMAT : TEXT_FORMAT);
  messages.int16(values.length);
  for (const value of values) {
    if (value === null || value === undefined) messages.int32(-1);
    else if (value instanceof Buffer) messages.sized(value);
    else if (typeof value === 'string' || typeof value === 'number') messages.sizedText(String(value));
    else throw new Error(`invariant broken: a parameter of ${name} is a ${typeof value}`);
  }
  messages.int16(1).int16(TEXT_FORMAT).end();
}

/** At least the bytes of a call's messages, whether its statement is prepared or not. */
function boundOf({ statement: { name, text }, values }: Call): number {
  let bytes = CALL_BYTES + UTF8_BYTES_MAX * (name.length * 3 + text.length);
  for (const value of values) {
    bytes += VALUE_BYTES;
    if (value instanceof Buffer) bytes += value.length;
    else if (typeof value === 'string') bytes += UTF8_BYTES_MAX * value.length;
    else if (typeof value === 'number') bytes += NUMBER_BYTES;
  }
  return bytes;
}

/** What has a fixed size: close, parse, bind, describe and execute with their codes, lengths, ends of names and counts. */
const CALL_BYTES = 64;
const SYNC_BYTES = 5;
/** Its format and its length. */
const VALUE_BYTES = 6;
/** The longest way to write a number. */
const NUMBER_BYTES = 32;
/** Of one UTF-16 unit. */
const UTF8_BYTES_MAX = 3;

/** Messages of the protocol behind each other in one buffer. */
class MessageWriter {
  private readonly buffer: Buffer;
  private at = 0;
  private beginning = 0;

  constructor(bytesMax: number) {
    this.buffer = Buffer.allocUnsafe(bytesMax);
  }

  begin(code: number): this {
    this.buffer[this.at] = code;
    this.beginning = this.at + 1;
    this.at += 5;
    return this;
  }

  /** Sets the length of the message, which counts itself and not the code. */
  end(): this {
    this.buffer.writeInt32BE(this.at - this.beginning, this.beginning);
    return this;
  }

  byte(value: number): this {
    this.buffer[this.at++] = value;
    return this;
  }

  int16(value: number): this {
    this.at = this.buffer.writeInt16BE(value, this.at);
    return this;
  }

  int32(value: number): this {
    this.at = this.buffer.writeInt32BE(value, this.at);
    return this;
  }

  cstring(text: string): this {
    this.at += this.buffer.write(text, this.at);
    return this.byte(0);
  }

  sized(value: Buffer): void {
    this.int32(value.length);
    this.at += value.copy(this.buffer, this.at);
  }

  sizedText(text: string): void {
    const bytes = this.buffer.write(text, this.at + 4);
    this.int32(bytes);
    this.at += bytes;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.at);
  }
}
