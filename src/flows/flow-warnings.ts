import { findField } from '../fields/find-field.ts';
import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { findTooMuch } from '../flow-compiler/flow-points.ts';
import type { RunSliced, Sliced } from '../lib/slices.ts';
import type { FlowWarning } from '../lint/flow-warning.ts';
import { lintInSlices, WARNINGS_MAX } from '../lint/lint-flow.ts';
import { listUrlName } from '../lists/list-url-name.ts';
import type { LookedUpList } from '../lists/looked-up-list.ts';
import { type ListType, readForm } from '../lists/normalise-list-value.ts';
import type { Problem } from '../model/problem.ts';
import { findFirehoseFaults } from './firehose-faults.ts';
import type { JsonObject } from './flow-json.ts';
import { findUnknownEntities } from './named-entities.ts';
import { findServicesWithoutCredential, findUnknownPricingServices } from './named-pricing-services.ts';
import { parseInSlices } from './parse-flow-document.ts';
import { partsNotUsed } from './parts-not-used.ts';
import { findSourcesWithoutKey } from './sources-without-key.ts';
import { unknownNames } from './unknown-names.ts';

/** What is not given is not known, and nothing is said of it. */
type CheckSurroundings = Pick<FlowSurroundings, 'keys' | 'entities'> &
  Partial<Pick<FlowSurroundings, 'pricingServices' | 'credentials' | 'lists' | 'batches'>>;

export interface DocumentCheck {
  name: string;
  /** For the reference: what it finds, and an example. */
  what: string;
  run(document: JsonObject, surroundings: CheckSurroundings): Sliced<Problem[]>;
}

/** What is looked for in the document as it was brought, before the checks of `lint/checks.ts`, which see what runs. */
export const DOCUMENT_CHECKS: readonly DocumentCheck[] = [
  {
    name: 'unknown-name',
    what: 'An unknown property of an object ([flow-document.md](flow-document.md)): it is stored and has no effect. One that is nearly a known name, such as `acceptence_criteria`, is in `errors` instead.',
    run: unreadNames,
  },
  {
    name: 'part-not-used',
    what: 'A part that is stored and has no effect yet.',
    run: partsNotUsed,
  },
  {
    name: 'source-without-key',
    what: 'A source that requires an API key although no valid key may submit to it: its `credential_id` names no key or one of another scope, or `authentication_required` is set and no key fits.',
    run: (document, { keys }) => findSourcesWithoutKey(document, keys),
  },
  {
    name: 'unknown-entity',
    what: 'A source or recipient that names an entity by an id that does not exist, without a name that one could be made with ([entities](../guides/entities.md)).',
    *run(document, { entities }) {
      yield;
      return findUnknownEntities(document, entities);
    },
  },
  {
    name: 'firehose-cannot-write',
    what: 'A firehose that is enabled and copies nothing: it has no bucket, no credential, one that does not exist or one of another type; or a flat form that `services.aws` replaces ([firehose](../guides/firehose.md)).',
    *run(document, { credentials }) {
      yield;
      return findFirehoseFaults(document, credentials);
    },
  },
  {
    name: 'unknown-pricing-service',
    what: 'A `pricing_service` that names a service that does not exist: its fallback price stands for every lead ([selling](../guides/selling.md)).',
    *run(document, { pricingServices }) {
      yield;
      return findUnknownPricingServices(document, pricingServices);
    },
  },
  {
    name: 'pricing-service-without-credential',
    what: 'A `pricing_service` that names a service whose credential does not exist or cannot authenticate a request: its fallback price stands for every lead ([selling](../guides/selling.md)).',
    *run(document, surroundings) {
      yield;
      return findServicesWithoutCredential(document, surroundings);
    },
  },
];

function* unreadNames(document: JsonObject): Sliced<Problem[]> {
  return (yield* unknownNames(document)).unread;
}

function findListType(list: LookedUpList | undefined): ListType | undefined {
  return list && readForm(list.form).type;
}

/** The `warnings` of a flow on the wire. */
export type FindWarnings = (
  document: JsonObject,
  surroundings: Pick<FlowSurroundings, 'customFields' | 'modules' | 'urlProblem' | 'flowTargets'> &
    CheckSurroundings & { flowId?: string },
) => Promise<FlowWarning[]>;

/**
 * Warnings are found anew whenever they are asked for, because they change with the account's fields and with every
 * release: in less than a millisecond, and for a flow as large as a flow may be in slices (page 0052).
 */
export function createFindWarnings(runSliced: RunSliced): FindWarnings {
  return (document, surroundings) => runSliced(warningsInSlices(document, surroundings));
}

/**
 * A document with faults in its shape, or too large to compile, has only warnings of `DOCUMENT_CHECKS`: what stands in the parts that cannot be
 * read might be what the others would miss.
 */
export function* warningsInSlices(
  document: JsonObject,
  surroundings: Parameters<FindWarnings>[1],
): Sliced<FlowWarning[]> {
  yield;
  const parsed = yield* parseInSlices(document);
  if (!parsed.ok) return [];
  const ofDocument: FlowWarning[] = [];
  for (const { name, run } of DOCUMENT_CHECKS) {
    for (const problem of yield* run(document, surroundings)) ofDocument.push({ ...problem, check: name });
    yield;
  }
  const isTooMuch = (yield* findTooMuch(parsed.value.sound)).length > 0;
  if (isTooMuch || parsed.value.faults.length > 0) return ofDocument.slice(0, WARNINGS_MAX);
  const { customFields, modules, urlProblem, flowTargets, flowId, lists, batches } = surroundings;
  const ofWhatRuns = yield* lintInSlices(parsed.value.sound, {
    fieldOf: (fieldId) => findField(fieldId, customFields),
    moduleOf: (moduleId) => modules?.find(moduleId),
    urlProblem: (url) => urlProblem?.(url),
    batchOf: (batchId) => batches?.get(batchId),
    flowTargets,
    flowId,
    listTypeOf: (name) => findListType(lists?.get(listUrlName(name))),
  });
  return [...ofDocument, ...ofWhatRuns].slice(0, WARNINGS_MAX);
}
