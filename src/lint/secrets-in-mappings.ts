import { findSecretSign } from '../lib/secret-signs.ts';
import type { Sliced } from '../lib/slices.ts';
import { listBids, listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Mapping, MappingValue } from '../model/mapping.ts';
import type { Problem } from '../model/problem.ts';
import { parsePath } from '../variables/property-path.ts';
import type { LintContext } from './lint-context.ts';

/** Keys, tokens and passwords written into mappings, of disabled steps too. The value never gets into a message. */
export function* secretsInMappings({ document }: LintContext): Sliced<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, mapping } of listMappings(document)) {
    const sign = listTexts(mapping.value)
      .map((text) => findSecretSign(String(lastOf(mapping.property)), text))
      .find((found) => found !== undefined);
    if (sign !== undefined) problems.push({ path: `${path}.value`, message: messageFor(sign, path) });
    yield;
  }
  return problems;
}

function messageFor(sign: string, path: string): string {
  const remedy = /^steps\..*\.integration\./.test(path) ? MOVED : OF_ITS_OWN;
  return `${sign}, and everybody who may read this flow can read it: ${remedy}, and have it replaced when it may have been seen.`;
}

const MOVED = 'move it into a stored credential with POST /flows/{id}/credentials/from_mapping';
const OF_ITS_OWN = 'use a key that is valid for this recipient alone';

interface PlacedMapping {
  path: string;
  mapping: Mapping;
}

function listMappings(document: FlowDocument): PlacedMapping[] {
  const placed = (path: string, mappings: readonly Mapping[]) =>
    mappings.map((mapping, index) => ({ path: `${path}.mappings.${index}`, mapping }));
  return [
    ...document.sources.flatMap((source, index) => placed(`sources.${index}.integration`, source.integration.mappings)),
    ...listDeliverySteps(document).flatMap(({ path, step }) =>
      placed(`${path}.integration`, step.integration.mappings),
    ),
    ...listBids(document).flatMap(({ path, bid }) => placed(path, bid.mappings)),
  ];
}

function listTexts(value: MappingValue): string[] {
  const members = Array.isArray(value) ? value : [value];
  return members
    .filter((member) => typeof member === 'string')
    .map((text) => text.trim().slice(0, TEXT_CHARACTERS_MAX));
}

/** Longer texts are whole documents; a secret stands near the start or has a name of its own. */
const TEXT_CHARACTERS_MAX = 4_096;
function lastOf(property: string): string | number {
  const parsed = parsePath(property);
  return (parsed.ok ? parsed.value.at(-1) : undefined) ?? property;
}
