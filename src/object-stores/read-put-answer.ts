import type { ExchangeResult } from '../integrations/http-client/exchange.ts';
import { failPut, type PutFaultKind, type PutResult } from './object-store.ts';

interface Asked {
  host: string;
  /** As people know it, for the reason. */
  bucket: string;
  /** What the request was sent with and no reason may repeat: a session token, a signature; null: neither. */
  secret: string | null;
}

/** What the answer to a request that writes an object means. */
export function readPutAnswer(result: ExchangeResult, { host, bucket, secret }: Asked): PutResult {
  if (result.kind !== 'answered') {
    const isLate = result.kind === 'unknown' && result.blame === 'time';
    return failPut(isLate ? 'slow' : result.kind === 'unsent' ? 'unreachable' : 'broken', result.reason);
  }
  const { status, headers, body } = result;
  if (status >= 200 && status < 300) return { kind: 'put' };
  const code = readCode({ header: headers['x-ms-error-code'], body, secret });
  const kind = (code === null ? undefined : KIND_OF_CODE.get(code)) ?? kindOfStatus(status);
  const answer = code === null ? `status ${status}` : `${code}, status ${status}`;
  return failPut(kind, `${SENTENCES[kind]({ host, bucket })} (${answer})`);
}

const CODE = /<Code>\s*([A-Za-z0-9._]{1,100})\s*<\/Code>/;
const ERROR_BYTES_READ_MAX = 4_096;

/** Azure puts the code into a header, S3 into the XML of its answer. A server may repeat what it was sent instead. */
function readCode(answer: { header: unknown; body: Buffer; secret: string | null }): string | null {
  const { header, body, secret } = answer;
  const isInHeader = typeof header === 'string' && /^[A-Za-z0-9._]{1,100}$/.test(header);
  const code = isInHeader ? header : (CODE.exec(body.toString('utf8', 0, ERROR_BYTES_READ_MAX))?.[1] ?? null);
  return code !== null && secret?.includes(code) ? null : code;
}

/** Codes that say more than their status does, of S3, of MinIO and of Azure. */
const CODES: Readonly<Record<Exclude<PutFaultKind, 'unreachable' | 'broken'>, readonly string[]>> = {
  auth: [
    'AccountProblem',
    'ExpiredToken',
    'InvalidToken',
    'NotSignedUp',
    'RequestTimeTooSkewed',
    'TokenRefreshRequired',
  ],
  missing: [
    ...['AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', 'InvalidBucketName', 'NoSuchBucket'],
    ...['PermanentRedirect', 'TemporaryRedirect', 'InvalidRegion'],
    ...['AccountIsDisabled', 'ContainerBeingDeleted', 'ContainerDisabled', 'ContainerNotFound', 'InvalidResourceName'],
  ],
  full: [
    ...['InsufficientCapacity', 'QuotaExceeded', 'RequestLimitExceeded', 'ServerBusy', 'SlowDown', 'SlowDownWrite'],
    ...['Throttling', 'ThrottlingException', 'XMinioAdminBucketQuotaExceeded', 'XMinioStorageFull'],
  ],
  slow: ['OperationTimedOut', 'RequestTimeout'],
  unavailable: ['InternalError', 'ServiceUnavailable', 'OperationAborted'],
  object: ['EntityTooLarge', 'InvalidBlobType', 'KeyTooLongError', 'RequestBodyTooLarge'],
};

const KIND_OF_CODE: ReadonlyMap<string, PutFaultKind> = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) => codes.map((code) => [code, kind as PutFaultKind])), // the keys are kinds
);

function kindOfStatus(status: number): PutFaultKind {
  if (status === 401 || status === 403) return 'auth';
  if (status === 404 || (status >= 300 && status < 400)) return 'missing';
  if (status === 408) return 'slow';
  if (status === 429 || status === 507) return 'full';
  return status >= 500 ? 'unavailable' : 'object';
}

type Sentence = (at: { host: string; bucket: string }) => string;

const SENTENCES: Readonly<Record<PutFaultKind, Sentence>> = {
  unreachable: ({ host }) => `No connection to ${host}`,
  broken: ({ host }) => `${host} ended the connection before its answer`,
  slow: ({ host }) => `${host} did not take the object in time`,
  auth: ({ host, bucket }) => `${host} refused the credential for "${bucket}"`,
  missing: ({ host, bucket }) => `${host} has no "${bucket}" for this credential and region`,
  full: ({ host, bucket }) => `${host} takes no more objects for "${bucket}" at the moment`,
  unavailable: ({ host }) => `${host} has a fault of its own`,
  object: ({ host }) => `${host} refused the object`,
};
