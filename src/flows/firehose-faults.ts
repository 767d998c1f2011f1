import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { findDots, findObjectNameProblem } from '../lib/object-name.ts';
import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';
import { ANY_EVENT, type FirehoseTarget, isFlat, listFirehoseTargets, nameObject } from './read-firehose.ts';

/**
 * Why an enabled firehose copies nothing. Leads run all the same, so these are warnings. `credentials`: those of the account;
 * undefined: they are not known, and nothing is said of them.
 */
export function findFirehoseFaults(
  document: JsonObject,
  credentials: FlowSurroundings['credentials'] | undefined,
): Problem[] {
  const { firehose } = document;
  const targets = listFirehoseTargets(firehose);
  const faults = targets
    .filter(({ isEnabled }) => isEnabled)
    .flatMap((target) => findTargetFaults(target, credentials));
  return isJsonObject(firehose) ? [...findTwoForms(firehose), ...findStrayString(firehose), ...faults] : faults;
}

/** A connection string of S3. */
function findStrayString({ services }: JsonObject): Problem[] {
  const aws = isJsonObject(services) ? services['aws'] : undefined;
  if (!isJsonObject(aws) || typeof aws['connection_string'] !== 'string') return [];
  const message = 'Has no effect: a connection string is of Azure. S3 needs a credential_id.';
  return [{ path: 'firehose.services.aws.connection_string', message }];
}

/** The flat form beside `services.aws` is not read. */
function findTwoForms(firehose: JsonObject): Problem[] {
  const { services } = firehose;
  const isReplaced = isFlat(firehose) && isJsonObject(services) && isJsonObject(services['aws']);
  if (!isReplaced) return [];
  return [{ path: 'firehose', message: 'services.aws is taken in the place of the flat form: remove one of them.' }];
}

function findTargetFaults(
  { service, settings, path }: FirehoseTarget,
  credentials: FlowSurroundings['credentials'] | undefined,
): Problem[] {
  const faults: Problem[] = [];
  if (settings.bucket === '') faults.push({ path: `${path}.bucket`, message: 'Nothing is copied without a bucket.' });
  const dots = findDots(settings.bucket);
  if (dots !== undefined) faults.push({ path: `${path}.bucket`, message: `Nothing is copied: the name ${dots}.` });
  const problem = findObjectNameProblem(nameObject(settings, ANY_EVENT));
  if (problem !== undefined)
    faults.push({ path: `${path}.prefix`, message: `Nothing is copied: the name of an event with it ${problem}.` });
  if (settings.credentialId === null) {
    if (settings.hasConnectionString) return faults;
    const instead = service === 'azure' ? ' or a connection_string' : '';
    return [
      ...faults,
      { path: `${path}.credential_id`, message: `Needs a credential of the type ${service}${instead}.` },
    ];
  }
  const credential = credentials?.get(settings.credentialId);
  if (credentials !== undefined && credential === undefined) {
    const message = 'There is no credential with this id: GET /credentials lists them, POST /credentials makes one.';
    faults.push({ path: `${path}.credential_id`, message });
  }
  if (credential !== undefined && credential.type !== service) {
    const message = `The credential has the type ${credential.type}, and ${service} is needed.`;
    faults.push({ path: `${path}.credential_id`, message });
  }
  return faults;
}
