import { loadSurroundings } from '../../flows/flow-surroundings.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { PhaseDeps } from '../../pipeline/phase.ts';
import { readVendorNames } from '../../posting/build-posting-page.ts';
import { type PostedRequest, writePostedRequest } from '../../posting/posted-request.ts';
import type { PostingFormat } from '../../posting/posting-page.ts';
import type { PostedValues } from '../../posting/sample-request.ts';
import { type TriedLead, tryLead } from '../../posting/try-lead.ts';
import { countedIds } from '../../simulation/counted-ids.ts';
import { findSource } from '../../simulation/simulate-lead.ts';
import { type ApiError, apiError } from '../errors.ts';
import { type FoundPosting, findFlowToTry, type PostingDeps } from './find-posting.ts';

export interface TryDeps extends PostingDeps {
  /** Of this program, as simulated requests name it. */
  version: string;
  report: PhaseDeps['report'];
}

export interface GivenTry {
  format: PostingFormat['name'];
  accept: 'json' | 'xml';
  values: PostedValues;
}

/** A dry run and the request that it ran. */
export interface TriedPosting extends TriedLead {
  request: PostedRequest;
  /** Values that the format cannot carry. */
  left_out: string[];
}

const ACCEPTS = { json: 'application/json', xml: 'application/xml' } as const;

/** Runs the values through the flow of a link as a simulation, in the format that is wanted. */
export async function tryPosting(
  deps: TryDeps,
  found: FoundPosting,
  { given, origin }: { given: GivenTry; origin: string },
): Promise<Result<TriedPosting, ApiError>> {
  const { revision, link, accountId } = found;
  const flow = await findFlowToTry(deps, found);
  const source = flow && findSource(flow, link.source_id);
  if (!flow || !source) return fail(NOT_NOW);
  const { customFields } = await loadSurroundings(deps, accountId);
  const { nameVariable, names } = readVendorNames(revision, customFields);
  const now = deps.clock.now();
  const path = `/flows/${flow.id}/sources/${source.entityId}/submit`;
  const written = writePostedRequest({
    ...{ submitUrl: origin + path, format: given.format, values: given.values },
    ...{ accept: ACCEPTS[given.accept], authorization: null },
  });
  const { request, leftOut } = written;
  const tried = await tryLead(
    flow,
    {
      submission: {
        method: request.method,
        query: request.url.split('?', 2)[1] ?? '',
        headers: Object.fromEntries(request.headers.map(({ name, value }) => [name, value])),
        body: request.body ?? '',
      },
      names: given.values.map(({ name }) => name),
    },
    {
      ...{ source, settings: link, nameVariable, knownNames: names },
      deps: { now, ids: countedIds(now), version: deps.version, report: deps.report },
    },
  );
  return ok({ request, left_out: leftOut, ...tried });
}

const NOT_NOW = apiError('unavailable', 'The source cannot be tried right now; try again in a moment.');
