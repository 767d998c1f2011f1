import { fail, ok, type Result } from '../../../lib/result.ts';
import type { Vars } from '../../../model/vars.ts';
import { isPlainObject, textOf } from '../../../variables/rich-value.ts';
import type { BuiltinHandleModule, Exchanges, HandleEnd, ModuleVariable, OutboundRequest } from '../../contract.ts';
import { type AllowsPrivateHosts, deliveryUrlProblem } from '../../formats/delivery-url.ts';
import { JSON_DEMANDS } from '../leadconduit-custom/create-custom-modules.ts';
import { customResponse } from '../leadconduit-custom/custom-response.ts';
import { JSON_VARIABLES, RESPONSE_VARIABLES } from '../leadconduit-custom/custom-variables.ts';
import { dotPathSegments, valueAt } from '../leadconduit-custom/dot-path.ts';
import { jsonRequest } from '../leadconduit-custom/json-request.ts';
import { nameProblem } from '../leadconduit-custom/name-problem.ts';
import { validateCustom } from '../leadconduit-custom/validate-custom.ts';

const METHODS = JSON_DEMANDS.methods;
const TOKEN_PATH = 'accessToken';

// biome-ignore format: a table reads better in rows
const VARIABLES: readonly ModuleVariable[] = [
  ...JSON_VARIABLES.map((variable) =>
    variable.name === 'credential_id' ? { ...variable, required: true, description: 'Stored credential of the type token; a header that has the name of one of its attributes as a word is sent with the value' } : variable,
  ),
  { name: 'authentication_url', type: 'string', required: true, description: 'Where another token is fetched when the recipient answers 401 or 403', examples: ['https://crm.example.com/token'] },
  { name: 'authentication_method', type: 'string', required: false, description: 'HTTP method for it; default POST', examples: ['PUT'] },
  { name: 'authentication_property.*', type: 'wildcard', required: false, description: 'Property of the document that is sent for it' },
  { name: 'authentication_header.*', type: 'wildcard', required: false, description: 'HTTP header of that request' },
  { name: 'authentication_token_path', type: 'string', required: false, default: TOKEN_PATH, description: 'Dotted path of the token in the answer; its last part is the attribute of the credential that keeps it; default accessToken', examples: ['data.accessToken'] },
];

/**
 * Posts a JSON document with a token that is fetched anew when the recipient refuses it (spec modules c5). The token is
 * kept in the credential of the step, so that the leads after this one, here and on other servers, are sent with it.
 */
export function createTokenAuthenticated(options: { allowsPrivateHosts: AllowsPrivateHosts }): BuiltinHandleModule {
  return {
    id: 'leadconduit-json.outbound.token_authenticated',
    version: '1.0.0',
    name: 'JSON with a token',
    direction: 'outbound',
    style: 'handle',
    requestVariables: VARIABLES,
    responseVariables: RESPONSE_VARIABLES,
    nameProblem,
    validate: (vars) =>
      validateCustom(vars, JSON_DEMANDS, options.allowsPrivateHosts) ??
      authenticationProblem(vars, options.allowsPrivateHosts),
    handle: deliver,
  };
}

function authenticationProblem(vars: Vars, allowsPrivateHosts: AllowsPrivateHosts): string | undefined {
  const { credential } = vars;
  if (!isPlainObject(credential)) return 'A credential is required';
  if (credential['type'] !== 'token') return 'The credential must be of the type token';
  const problem = deliveryUrlProblem(textOf(vars['authentication_url']), allowsPrivateHosts);
  if (problem !== undefined) return `Authentication ${problem}`;
  const method = textOf(vars['authentication_method']).toUpperCase();
  if (method === '' || method === 'GET' || METHODS.includes(method)) return undefined;
  return `Unsupported HTTP method for authentication - use GET, ${METHODS.join(', ')}`;
}

async function deliver(vars: Vars, exchanges: Exchanges): Promise<HandleEnd> {
  const first = await exchanges.send(buildRequest(vars));
  if (first.kind !== 'answered') return { kind: first.kind, reason: first.reason };
  if (!isRefused(first.response.status)) return { kind: 'answered', appended: customResponse(vars, first.response) };
  const renewed = await renewToken(vars, exchanges);
  if (!renewed.ok) return failed(renewed.error);
  const again = await exchanges.send(buildRequest(renewed.value));
  if (again.kind !== 'answered') return { kind: again.kind, reason: again.reason };
  if (isRefused(again.response.status)) return failed('Unable to authenticate after attempting to refresh token');
  return { kind: 'answered', appended: customResponse(vars, again.response) };
}

/** The recipient has refused the lead, so that it may be sent again, by a retry too. */
function failed(reason: string): HandleEnd {
  return { kind: 'answered', appended: { outcome: 'error', reason } };
}

function isRefused(status: number): boolean {
  return status === 401 || status === 403;
}

/** The variables with another token in the credential, and in headers that a template put the refused one into. */
async function renewToken(vars: Vars, exchanges: Exchanges): Promise<Result<Vars, string>> {
  const name = dotPathSegments(tokenPath(vars)).at(-1) || TOKEN_PATH;
  const credential = isPlainObject(vars['credential']) ? vars['credential'] : {};
  const refused = textOf(credential[name]);
  const renewed = await exchanges.renewCredential?.({
    name,
    refused,
    obtain: () => fetchToken(vars, exchanges),
  });
  if (renewed === undefined) return fail('The step has no credential that could be renewed');
  if (!renewed.ok) return renewed;
  const header =
    refused === '' ? vars['header'] : mapTexts(vars['header'], (text) => text.replaceAll(refused, () => renewed.value));
  return ok({ ...vars, header, credential: { ...credential, [name]: renewed.value } });
}

function tokenPath(vars: Vars): string {
  return textOf(vars['authentication_token_path']).trim() || TOKEN_PATH;
}

async function fetchToken(vars: Vars, exchanges: Exchanges): Promise<Result<string, string>> {
  const sent = await exchanges.send(buildAuthentication(vars));
  if (sent.kind !== 'answered') return fail(`No token from the authentication URL: ${sent.reason}`);
  const { status, body } = sent.response;
  const token = textOf(readToken(body, tokenPath(vars))).trim();
  return token === '' ? fail(`The authentication URL answered ${status} without a token`) : ok(token);
}

function readToken(body: string, path: string): unknown {
  try {
    return valueAt(JSON.parse(body), path);
  } catch {
    // What is no JSON has no token.
    return undefined;
  }
}

function buildRequest(vars: Vars): OutboundRequest {
  return jsonRequest({ ...vars, header: withAttributes(vars['header'], vars['credential']) });
}

/** The same as a delivery, with what is mapped for it. Its answer is a secret. */
function buildAuthentication(vars: Vars): OutboundRequest {
  const { body = '', ...request } = jsonRequest({
    url: vars['authentication_url'],
    ...(textOf(vars['authentication_method']) === '' ? {} : { method: vars['authentication_method'] }),
    json_property: vars['authentication_property'],
    header: withAttributes(vars['authentication_header'], vars['credential']),
  });
  return { ...request, ...(request.method === 'GET' ? {} : { body }), isAnswerSecret: true };
}

/** What every credential has; only what this one holds beside it stands in headers. */
const IDENTITY: ReadonlySet<string> = new Set([
  'id',
  'name',
  'type',
  'package',
  'account_id',
  'created_at',
  'updated_at',
]);

/** Shorter ones are words that may stand in any header. */
const VALUE_CHARACTERS_MIN = 6;

/**
 * `Bearer accessToken` becomes `Bearer` and the value: whole words, in any case, and never within what was put in. A
 * header that a template has filled with a value is as it should be.
 */
function withAttributes(header: unknown, credential: unknown): unknown {
  const held = Object.entries(isPlainObject(credential) ? credential : {})
    .filter(([name]) => !IDENTITY.has(name))
    .map(([name, value]) => ({ name, value: textOf(value) }));
  if (held.length === 0) return header;
  const values = new Map(held.map(({ name, value }) => [name.toLowerCase(), value]));
  const names = held.map(({ name }) => name.replace(/[^\w]/g, '\\$&')).sort((one, other) => other.length - one.length);
  const words = new RegExp(`(?<!\\w)(?:${names.join('|')})(?!\\w)`, 'gi');
  const isFilled = (text: string) =>
    held.some(({ value }) => value.length >= VALUE_CHARACTERS_MIN && text.includes(value));
  return mapTexts(header, (text) =>
    isFilled(text) ? text : text.replace(words, (word) => values.get(word.toLowerCase()) ?? word),
  );
}

function mapTexts(header: unknown, change: (text: string) => string): unknown {
  if (!isPlainObject(header)) return header;
  return Object.fromEntries(Object.entries(header).map(([name, value]) => [name, change(textOf(value))]));
}
