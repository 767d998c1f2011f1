import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';

interface PlacedSecret {
  /** Of a recipient step, or of a recipient of a distribution. */
  stepId: string;
  property: string;
  /** The credential that will hold the secret. */
  credentialId: string;
}

/** The flow without the secret, and the secret itself. */
interface TakenSecret {
  document: JsonObject;
  secret: string;
}

/**
 * Takes the text of a mapping out of a flow: the step names the credential, and the mapping reads the text from it. An
 * authorization scheme stays in the mapping, so that the secret alone is looked for in what recipients answer. The
 * document is not changed. Fails with the places where the request cannot be followed.
 */
export function takeOutSecret(
  document: JsonObject,
  { stepId, property, credentialId }: PlacedSecret,
): Result<TakenSecret, Problem[]> {
  const copy = structuredClone(document);
  const step = listDeliveries(copy).find(({ id }) => id === stepId);
  if (!step) return refuse('step_id', 'No step and no recipient of the flow that delivers has this id.');
  const mappings = listMappings(step);
  const named = mappings.filter((mapping) => mapping['property'] === property);
  if (named.length === 0) return refuse('property', 'The step has no mapping of this property.');
  const mapping = named.find(({ value }) => isLiteral(value));
  if (!mapping) return refuse('property', 'Must be mapped to a text that is no template.');
  const value = String(mapping['value']).trim();
  if (/^https?:\/\//i.test(value)) return refuse('property', OF_ADDRESS);
  if (hasCredential(step, mappings)) return refuse('step_id', 'The step has a credential, and a step has one at most.');
  const [, scheme = '', secret = value] = AUTHORIZATION.exec(value) ?? [];
  mapping['value'] = `${scheme}{{credential.key}}`;
  step['credential_id'] = credentialId;
  return ok({ document: copy, secret });
}

const OF_ADDRESS =
  'A secret inside an address cannot be taken out: map it to a header or a property of its own, or store it as an api_key with the location query.';

/** `Bearer abc`: the scheme with its blank, and the secret. */
const AUTHORIZATION = /^((?:Bearer|Basic|Token)\s+)(\S.*)$/i;

function refuse(path: string, message: string): Result<TakenSecret, Problem[]> {
  return fail([{ path, message }]);
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && !value.includes('{{');
}

/** Recipient steps, and recipients of distributions. */
function listDeliveries({ steps }: JsonObject): JsonObject[] {
  return listObjects(steps).flatMap((step) => {
    if (step['type'] === 'recipient') return [step];
    return step['type'] === 'distribution' ? listObjects(step['recipients']) : [];
  });
}

function listMappings({ integration }: JsonObject): JsonObject[] {
  return isJsonObject(integration) ? listObjects(integration['mappings']) : [];
}

function listObjects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function hasCredential(step: JsonObject, mappings: readonly JsonObject[]): boolean {
  const isNamed = (value: unknown) => value !== undefined && value !== null && value !== '';
  return (
    isNamed(step['credential_id']) ||
    mappings.some(({ property, value }) => property === 'credential_id' && isNamed(value))
  );
}
