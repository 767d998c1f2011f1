import { FileFault } from '../imports/read-text.ts';
import type { JobStore } from '../jobs/job.ts';
import type { JobFileStore } from '../jobs/job-files.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { fail, type Result } from '../lib/result.ts';
import { type ApiResult, answer } from './api.ts';
import { type ApiError, apiError } from './errors.ts';
import { jobJson } from './jobs/job-json.ts';
import { invalidDocument } from './read-body.ts';

export interface JobFileDeps {
  jobFiles: JobFileStore;
  jobs: JobStore;
  /** Files that this process receives now. */
  receiving: Set<string>;
  ids: Ids;
  clock: Clock;
}

export interface SentFile<Guess> {
  accountId: string;
  body: AsyncIterable<Uint8Array>;
  bytesMax: number;
  /** Only says how the file would be read. */
  isPreview: boolean;
  /**
   * From the beginning of the file; the error is a sentence for the person who sent it, or one with a code of its own. May throw a
   * FileFault.
   */
  guess(head: Uint8Array): Result<Guess, string | ApiError>;
  /** As the answer shows it. */
  describe(guess: Guess): object;
  /** Puts the job that reads the file into the queue. */
  enqueue(id: string, guess: Guess): Promise<void>;
}

/** Each holds up to a part in memory, and a connection to the database now and then. */
const RECEIVED_AT_ONCE_MAX = 8;
const TOO_MANY = apiError('unavailable', 'The server is receiving many files now: try again in a minute.');
/** What is guessed from; a part is larger, so that nothing is stored of a file that cannot be read. */
const HEAD_BYTES = 256 * 1024;
const PART_BYTES = 1024 * 1024;

/** Keeps a file, part by part, for a job: 202 with the job, or 200 where it is only looked at. */
export async function receiveJobFile<Guess>(deps: JobFileDeps, sent: SentFile<Guess>): Promise<ApiResult> {
  const { accountId } = sent;
  const id = deps.ids.next();
  if (deps.receiving.size >= RECEIVED_AT_ONCE_MAX) return TOO_MANY;
  deps.receiving.add(id);
  try {
    const received = await receive(deps, { sent, id });
    if (!received.ok) {
      await deps.jobFiles.remove({ accountId, id });
      return received.error;
    }
    const file = sent.describe(received.value);
    if (sent.isPreview) return answer(200, { file });
    await sent.enqueue(id, received.value);
    const job = await deps.jobs.find({ accountId, id });
    return { ...answer(202, { job: job && jobJson(job), file }), headers: { Location: `/jobs/${id}` } };
  } catch (error) {
    // The sender broke off, or the database did; what cannot be removed now goes with `list-remains`.
    await deps.jobFiles.remove({ accountId, id }).catch(() => undefined);
    throw error;
  } finally {
    deps.receiving.delete(id);
  }
}

/** Stores the file in parts; of a preview only its beginning is read. */
async function receive<Guess>(
  deps: JobFileDeps,
  { sent, id }: { sent: SentFile<Guess>; id: string },
): Promise<Result<Guess, ApiError>> {
  const { accountId, body, bytesMax, isPreview } = sent;
  let guess: Result<Guess, ApiError> | null = null;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let bytes = 0;
  let part = 0;
  const flush = async () => {
    if (pendingBytes === 0) return;
    const content = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    await deps.jobFiles.append({ accountId, id, part, content, now: deps.clock.now() });
    part += 1;
  };
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) return fail(describeTooLarge(bytesMax));
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (guess === null && pendingBytes >= HEAD_BYTES) {
      guess = guessFrom(Buffer.concat(pending), sent);
      if (!guess.ok || isPreview) return guess;
    }
    if (pendingBytes >= PART_BYTES) await flush();
  }
  guess ??= guessFrom(Buffer.concat(pending), sent);
  if (guess.ok && !isPreview) await flush();
  return guess;
}

function describeTooLarge(bytesMax: number): ApiError {
  return apiError('body_too_large', `A file has at most ${bytesMax} bytes: compress it, or split it.`);
}

function guessFrom<Guess>(head: Uint8Array, { guess }: SentFile<Guess>): Result<Guess, ApiError> {
  try {
    const guessed = guess(head);
    if (guessed.ok) return guessed;
    const { error } = guessed;
    return fail(typeof error === 'string' ? invalidDocument([{ path: '', message: error }], error) : error);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return fail(invalidDocument([{ path: '', message: error.message }], error.message));
  }
}
