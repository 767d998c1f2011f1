/**
 * Sentences for the faults of an exchange. They name the recipient's host and nothing else of the request: URLs may
 * carry personal values and secrets in their query or user part.
 */
type Sentence = (host: string) => string;

const UNSENT: Readonly<Record<string, Sentence>> = {
  ENOTFOUND: (host) => `${host} is not a known host name`,
  EAI_AGAIN: (host) => `The host name ${host} could not be resolved`,
  ECONNREFUSED: (host) => `${host} refused the connection`,
  FORBIDDEN_ADDRESS: (host) => `${host} has no public address, and private ones are not allowed`,
  UND_ERR_CONNECT_TIMEOUT: (host) => `No connection to ${host} in time`,
  UND_ERR_INVALID_ARG: (host) => `The request to ${host} has a header or method that cannot be sent`,
  UND_ERR_CLOSED: (host) => `The request to ${host} was not sent because the server is stopping`,
  UND_ERR_DESTROYED: (host) => `The request to ${host} was not sent because the server is stopping`,
};

/** Why nothing of a request left. */
export function unsentReason(error: Error, host: string): string {
  const code = codeOf(error);
  const sentence = Object.hasOwn(UNSENT, code) ? UNSENT[code] : undefined;
  if (sentence) return sentence(host);
  return isTlsCode(code) ? `${host} offered no trustworthy TLS (${code})` : `No connection to ${host} (${code})`;
}

/** Faults before sending that say nothing about the recipient. */
const OURS = new Set([
  'EMFILE',
  'ENFILE',
  'FORBIDDEN_ADDRESS',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_INVALID_ARG',
]);

export function isOurFault(error: Error): boolean {
  return OURS.has(codeOf(error));
}

const ENDED_EARLY = 'ended the connection before the whole answer';
/** By the code or the name of the error; both are constants of Node and undici. */
const UNKNOWN: Readonly<Record<string, string | undefined>> = {
  HTTPParserError: 'answered something that is not HTTP',
  UND_ERR_HEADERS_OVERFLOW: 'answered with more headers than are read',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'answered with a length that is not that of its answer',
};

/** Why no whole answer came to a request that may have been received. */
export function unknownReason(error: Error, host: string): string {
  const code = codeOf(error);
  return `The request was sent and ${host} ${UNKNOWN[code] ?? UNKNOWN[error.name] ?? ENDED_EARLY} (${code})`;
}

const TLS_CODE = /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO)/;

function isTlsCode(code: string): boolean {
  return TLS_CODE.test(code);
}

/** Codes are constants of Node and undici, so they never carry values; messages may. */
function codeOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error.name;
}
