import type { CredentialName } from '../model/credential.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument, RecipientStep } from '../model/flow.ts';
import type { Mapping } from '../model/mapping.ts';
import type { CompileSite } from './compile-site.ts';
import type { CompiledCredential, FlowContext } from './compiled-flow.ts';
import { namesRead } from './known-names.ts';

const PROPERTY = 'credential_id';

/** The credential that a step names: in `credential_id`, else in a mapping of that property (spec modules a4). */
export function compileCredential(
  site: CompileSite,
  { step, path, mappings }: { step: RecipientStep; path: string; mappings: readonly Mapping[] },
): CompiledCredential | null {
  const named = findNamed(step, mappings);
  if (named === null) return null;
  const known = site.context.credentials.get(named.id) ?? null;
  if (known === null) site.problems.push({ path: `${path}.${named.path}`, message: UNKNOWN });
  return { id: named.id, known };
}

const UNKNOWN =
  'There is no credential with this id: GET /credentials lists them, POST /credentials makes one; or remove it.';

function findNamed(step: RecipientStep, mappings: readonly Mapping[]): { id: string; path: string } | null {
  if (step.credential_id) return { id: step.credential_id, path: PROPERTY };
  const index = mappings.findIndex(
    ({ property, value }) => property === PROPERTY && typeof value === 'string' && value !== '',
  );
  const value = mappings[index]?.value;
  return typeof value === 'string' ? { id: value, path: `integration.mappings.${index}.value` } : null;
}

/** Indexes of the mappings that read a value of the credential. */
export function listCredentialMappings(mappings: readonly Mapping[]): ReadonlySet<number> {
  return new Set(
    mappings.flatMap((mapping, index) =>
      namesRead([mapping]).some((name) => name === 'credential' || name.startsWith('credential.')) ? [index] : [],
    ),
  );
}

/** The credentials that the steps of a flow name, in the order of the document; null: there is none with the id. */
export function listNamedCredentials(
  document: FlowDocument,
  credentials: FlowContext['credentials'],
): (CredentialName | null)[] {
  return listDeliverySteps(document).flatMap(({ step }) => {
    const named = findNamed(step, step.integration.mappings);
    return named ? [credentials.get(named.id) ?? null] : [];
  });
}
