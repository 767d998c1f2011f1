import { Type } from 'typebox';
import { CLOSED, nullable, TIME } from '../schemas.ts';

const TEXT = Type.String();
const HEADER = Type.Object({ name: TEXT, value: TEXT, required: Type.Boolean(), sentence: TEXT }, CLOSED);
const FORMATS = ['form', 'json', 'xml', 'query'] as const;

export const POSTING_FORMAT = Type.Enum([...FORMATS]);

const FIELD = Type.Object(
  {
    name: Type.String({ description: 'The name to post.' }),
    label: TEXT,
    type: TEXT,
    type_id: TEXT,
    required: Type.Enum(['yes', 'no', 'when']),
    required_when: nullable(TEXT),
    format: nullable(TEXT),
    allowed_values: nullable(Type.Array(TEXT)),
    allowed_count: Type.Integer(),
    examples: Type.Array(TEXT),
    max_length: nullable(Type.Integer()),
    needed_at_ping: nullable(Type.Boolean(), { description: 'null: the source takes no pings.' }),
    hint: nullable(TEXT),
    is_masked: Type.Boolean({ description: 'The value is masked before anything is stored.' }),
  },
  { ...CLOSED, $id: 'PostingField' },
);

const RULE = Type.Unknown({
  description:
    'A rule: `{"kind": "rule", "sentence", "parameters"}`, or a choice: `{"kind": "any" | "all", "sentence", "rules"}`.',
});

const BODY = Type.Object({ format: Type.Enum(['json', 'xml', 'text']), media_type: TEXT, body: TEXT }, CLOSED);

const RESPONSE = Type.Object(
  {
    kind: TEXT,
    title: TEXT,
    status: Type.Integer(),
    sentence: TEXT,
    may_retry: Type.Boolean(),
    bodies: Type.Array(BODY),
  },
  CLOSED,
);

const LIMITS = Type.Object(
  {
    hours: nullable(
      Type.Object(
        {
          time_zone: TEXT,
          is_open_now: Type.Boolean(),
          days: Type.Array(
            Type.Object({ day: TEXT, periods: Type.Array(Type.Object({ start: TEXT, end: TEXT }, CLOSED)) }, CLOSED),
          ),
          sentence: TEXT,
        },
        CLOSED,
      ),
    ),
    caps: nullable(
      Type.Array(
        Type.Object(
          {
            sentence: TEXT,
            maximum: Type.Number(),
            duration: Type.Integer(),
            duration_units: TEXT,
            time_zone: TEXT,
          },
          CLOSED,
        ),
      ),
      { description: 'null: the link does not share them.' },
    ),
    body_bytes_max: Type.Integer(),
  },
  CLOSED,
);

/** What `GET /submission/{token}.json` answers. */
export const POSTING_PAGE = Type.Object(
  {
    account: Type.Object({ name: TEXT }, CLOSED),
    flow: Type.Object({ name: TEXT }, CLOSED),
    source: Type.Object({ name: TEXT }, CLOSED),
    state: Type.Object({ kind: Type.Enum(['live', 'test', 'paused']), sentence: TEXT }, CLOSED),
    contact: nullable(TEXT),
    updated_at: TIME,
    generated_at: TIME,
    changes: Type.Array(
      Type.Object({ at: TIME, kind: Type.Enum(['added', 'removed', 'changed']), sentence: TEXT }, CLOSED),
      { description: 'What changed for vendors, newest first.' },
    ),
    submit_url: TEXT,
    methods: Type.Array(Type.Enum(['POST', 'GET'])),
    authentication: Type.Object(
      { kind: Type.Enum(['none', 'basic']), sentence: TEXT, header: nullable(HEADER) },
      CLOSED,
    ),
    headers: Type.Array(HEADER),
    request_formats: Type.Array(
      Type.Object({ name: POSTING_FORMAT, media_type: nullable(TEXT), sentence: TEXT }, CLOSED),
    ),
    advice: Type.Object({ timeout: TEXT, retry: TEXT, repeat: TEXT }, CLOSED),
    fields: Type.Array(FIELD),
    other_parameters: TEXT,
    names: Type.Object({ is_case_sensitive: Type.Boolean(), sentence: TEXT }, CLOSED),
    rules: Type.Object({ rules: Type.Array(RULE), hidden_count: Type.Integer() }, CLOSED),
    limits: LIMITS,
    price: nullable(
      Type.Object(
        { prices: Type.Array(Type.Object({ amount: Type.Number(), sentence: TEXT }, CLOSED)), sentence: TEXT },
        CLOSED,
      ),
      { description: 'null: the link does not share prices.' },
    ),
    sample: Type.Object(
      {
        values: Type.Array(Type.Object({ name: TEXT, value: TEXT }, CLOSED)),
        bodies: Type.Object({ form: TEXT, json: TEXT, xml: TEXT, query: TEXT }, CLOSED),
      },
      CLOSED,
    ),
    responses: Type.Array(RESPONSE),
    response_members: Type.Array(
      Type.Object({ name: TEXT, type: TEXT, sentence: TEXT, is_always_there: Type.Boolean() }, CLOSED),
    ),
    ping: nullable(
      Type.Object(
        {
          url: TEXT,
          sentences: Type.Array(TEXT),
          life_seconds: Type.Number(),
          id_header: TEXT,
          id_parameter: TEXT,
        },
        CLOSED,
      ),
    ),
    redirect: nullable(
      Type.Object({ parameter: TEXT, sentence: TEXT, hosts: nullable(Type.Array(TEXT)), example: TEXT }, CLOSED),
    ),
    feedback: nullable(Type.Object({ sentence: TEXT }, CLOSED)),
    tries: Type.Object({ url: TEXT, sentence: TEXT, allows_live: Type.Boolean() }, CLOSED),
    downloads: Type.Object({ json: TEXT, markdown: TEXT, openapi: TEXT, postman: TEXT, csv: TEXT }, CLOSED),
  },
  { ...CLOSED, $id: 'PostingPage' },
);

/** Parameters of a dry run, and characters of each. */
const TRIED_VALUES_MAX = 1_000;
const NAME_CHARACTERS_MAX = 512;
const VALUE_CHARACTERS_MAX = 32_768;

export const POSTING_TRY = Type.Object(
  {
    format: Type.Optional(POSTING_FORMAT),
    accept: Type.Optional(Type.Enum(['json', 'xml'])),
    values: Type.Record(
      Type.String({ maxLength: NAME_CHARACTERS_MAX }),
      Type.String({ maxLength: VALUE_CHARACTERS_MAX }),
      {
        maxProperties: TRIED_VALUES_MAX,
        says: `Must be an object of at most ${TRIED_VALUES_MAX} texts.`,
        description: 'By the names of the page.',
      },
    ),
  },
  { ...CLOSED, $id: 'PostingTry' },
);

export const POSTING_TRIED = Type.Object(
  {
    request: Type.Object(
      {
        method: Type.Enum(['POST', 'GET']),
        url: TEXT,
        headers: Type.Array(Type.Object({ name: TEXT, value: TEXT }, CLOSED)),
        body: nullable(TEXT),
      },
      { ...CLOSED, description: 'To the submit URL, as it was run.' },
    ),
    left_out: Type.Array(TEXT, { description: 'Names that the format cannot carry.' }),
    response: Type.Object(
      { status: Type.Integer(), headers: Type.Record(Type.String(), Type.Unknown()), body: TEXT },
      CLOSED,
    ),
    outcome: nullable(Type.Enum(['success', 'failure', 'error']), { description: 'null: it did not become a lead.' }),
    sentences: Type.Array(TEXT, { description: 'Why, in the names of the page.' }),
    unused: Type.Array(Type.Object({ name: TEXT, suggestion: nullable(TEXT) }, CLOSED), {
      description: 'Names that nothing reads, with the one that was probably meant.',
    }),
  },
  { ...CLOSED, $id: 'PostingTried' },
);
