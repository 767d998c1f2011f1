import { type Static, Type } from 'typebox';
import { isJsonObject } from '../flows/flow-json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { LIST_CHECK_NAMES } from '../model/flow.ts';
import { DOLLARS_MAX, moneyFrom, NO_MONEY } from '../model/money.ts';
import type { Problem } from '../model/problem.ts';
import { RANDOM_DEFAULT, RANDOM_MAX } from './chance.ts';
import { ANSWER, readAnswer } from './read-answer.ts';
import { readInstant } from './read-instant.ts';
import type { SimulatedSubmission, Simulation, WantedFlow } from './simulation.ts';
import { HEADERS, titledHeaders } from './titled-headers.ts';

/** As long as a submission may be. */
const BODY_CHARACTERS_MAX = 1_048_576;
const QUERY_CHARACTERS_MAX = 16_384;
const COUNT_MAX = 1_000_000_000;
const STRICT = { additionalProperties: false };

const submission = Type.Object(
  {
    method: Type.Optional(Type.Enum(['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])),
    query: Type.Optional(Type.String({ maxLength: QUERY_CHARACTERS_MAX })),
    headers: Type.Optional(HEADERS),
    body: Type.Optional(Type.String({ maxLength: BODY_CHARACTERS_MAX })),
  },
  STRICT,
);
const lists = Type.Object(
  Object.fromEntries(LIST_CHECK_NAMES.map((name) => [name, Type.Optional(Type.Boolean())])),
  STRICT,
);
const count = Type.Number({ minimum: 0, maximum: COUNT_MAX });

export const SIMULATION = Type.Object(
  {
    revision: Type.Optional(Type.Unknown()),
    flow: Type.Optional(Type.Unknown()),
    source: Type.String({ minLength: 1, maxLength: 64 }),
    submission: Type.Optional(submission),
    values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    now: Type.Optional(Type.String({ maxLength: 64 })),
    random: Type.Optional(Type.Integer({ minimum: 1, maximum: RANDOM_MAX })),
    lists: Type.Optional(lists),
    caps: Type.Optional(Type.Record(Type.String(), Type.Object({ count }, STRICT))),
    answers: Type.Optional(Type.Record(Type.String(), ANSWER)),
    prices: Type.Optional(Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: DOLLARS_MAX }))),
  },
  { ...STRICT, $id: 'Simulation' },
);

type Body = Static<typeof SIMULATION>;

/** Reads a body of `POST /flows/{id}/evaluate` that fits the schema, or returns problems beyond the schema. */
export function readSimulation(given: Body): Result<Simulation, Problem[]> {
  const [flow, sent, now] = [wantedFlow(given), readSubmission(given), readInstant(given.now)];
  const answers = Object.entries(given.answers ?? {}).map(
    ([name, answer]) => [name, readAnswer(`answers.${name}`, answer)] as const,
  );
  const parts = [flow, sent, now, ...answers.map(([, answer]) => answer)];
  if (!flow.ok || !sent.ok || !now.ok || parts.some((part) => !part.ok)) {
    return fail(parts.flatMap((part) => (part.ok ? [] : part.error)));
  }
  return ok({
    flow: flow.value,
    source: given.source,
    submission: sent.value,
    now: now.value,
    random: given.random ?? RANDOM_DEFAULT,
    lists: LIST_CHECK_NAMES.filter((name) => given.lists?.[name] === true),
    caps: new Map(Object.entries(given.caps ?? {}).map(([capId, { count: used }]) => [capId, used])),
    answers: new Map(answers.flatMap(([name, answer]) => (answer.ok ? [[name, answer.value]] : []))),
    prices: new Map(Object.entries(given.prices ?? {}).map(([id, price]) => [id, moneyFrom(price) ?? NO_MONEY])),
  });
}

function wantedFlow({ flow, revision }: Body): Result<WantedFlow, Problem[]> {
  if (flow !== undefined && revision !== undefined)
    return fail([{ path: 'revision', message: 'Give a revision or a flow document, not both.' }]);
  if (isJsonObject(flow)) return ok({ kind: 'document', document: flow });
  if (flow !== undefined) return fail([{ path: 'flow', message: 'Must be a flow document: an object.' }]);
  if (revision === undefined || revision === 'saved') return ok({ kind: 'revision', revision: 'saved' });
  if (revision === 'deployed') return ok({ kind: 'revision', revision });
  const isNumber = typeof revision === 'number' && Number.isInteger(revision) && revision > 0 && revision <= COUNT_MAX;
  if (isNumber) return ok({ kind: 'revision', revision });
  return fail([{ path: 'revision', message: 'Must be saved, deployed or the number of a revision.' }]);
}

function readSubmission({ submission: sent, values }: Body): Result<SimulatedSubmission, Problem[]> {
  if (sent && values) return fail([{ path: 'values', message: 'Give values or a submission, not both.' }]);
  if (values) return ok({ method: 'POST', query: '', headers: { ...AS_JSON }, body: JSON.stringify(values) });
  if (!sent) return fail([{ path: 'values', message: 'Is required, unless there is a submission.' }]);
  const { method = 'POST', query = '', headers: own = {}, body = '' } = sent;
  return ok({ method, query: query.replace(/^\?/, ''), headers: titledHeaders(own), body });
}

const AS_JSON = { 'Content-Type': 'application/json', Accept: 'application/json' };
